using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Faults;

/// <summary>
/// An exchange to which every canary file was sent, by isax and by the bare protocol, in peace and over a kill, and one
/// valid file that was submitted. Afterwards it has stopped, and all that it ever said and wrote can be searched.
/// </summary>
public sealed class CanaryExchange : IAsyncLifetime
{
    static readonly TimeSpan TelemetryMax = TimeSpan.FromSeconds(30);

    readonly string _temporary = Directory.CreateTempSubdirectory("isax-tmp-").FullName;
    readonly OtlpSink _sink = new();
    readonly WireRecorder _wire = new();
    readonly ConcurrentQueue<string> _said = new();
    readonly CanaryFiles _files = new(Random.Shared);
    TestExchange? _exchange;

    public TestExchange Exchange => _exchange ?? throw new InvalidOperationException("The exchange is not up.");

    internal CanaryFiles Files => _files;

    /// <summary>Everything that answers of the exchange brought: headers, messages, trailers.</summary>
    public byte[] Wire => _wire.Seen;

    /// <summary>Everything isax wrote.</summary>
    public string Said => string.Join('\n', _said);

    public byte[] Traces => _sink.Taken("/v1/traces");

    public byte[] Metrics => _sink.Taken("/v1/metrics");

    /// <summary>Temporary folder of the service and of isax.</summary>
    public string Temporary => _temporary;

    /// <summary>Submissions that need correction: what was sent, and their state.</summary>
    internal ConcurrentDictionary<string, Submission> Faulty { get; } = new(StringComparer.Ordinal);

    /// <summary>The rules that each of them broke, once for each violation.</summary>
    public ConcurrentDictionary<string, IReadOnlyList<string>> Rules { get; } = new(StringComparer.Ordinal);

    public Ran Valid { get; private set; } = null!;

    public StreetFile ValidFile { get; } = new(NorthmerePolicies.FirstMonth.AddMonths(1), 1, 2, 3, 4);

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var environment = _sink.Environment;
        environment["TMPDIR"] = _temporary;
        _exchange = await TestExchange.StartAsync(NorthmerePolicies.Folder, environment);
        Exchange.Around = _wire.Around;
        foreach (var file in _files.All())
            Faulty[file.What] = await SendAsync(file);
        await BreakTheRulesAsync(_files.Cells().First());
        await SendOverAKillAsync();
        await SendByIsaxAsync();
        await ReadAsync();
        for (var waited = 0; Traces.Length == 0 || Metrics.Length == 0; waited += 100)
        {
            Assert.True(waited < TelemetryMax.TotalMilliseconds, "No telemetry came.");
            await Task.Delay(100, Stop);
        }

        await Exchange.StopAsync();
    }

    SubmissionService.SubmissionServiceClient As(CanaryFile file) => new(Exchange.As(file.Sender));

    async Task<Submission> CreateAsync(CanaryFile file) => await As(file).CreateSubmissionAsync(
        new CreateSubmissionRequest
        {
            Parent = file.Parent,
            Submission = new Submission
            {
                Period = Northmere.Months(file.Start, file.Months),
                Areas = { file.Areas },
                ContentKind = ContentKind.Table,
            },
        },
        Uploads.Options(Stop));

    async Task<Submission> SendAsync(CanaryFile file)
    {
        var name = (await CreateAsync(file)).Name;
        var sent = await Uploads.SendAsync(As(file), name, file.Content, Stop);
        var all = new ListViolationsRequest { Parent = name, PageSize = 1000 };
        var listed = await As(file).ListViolationsAsync(all, Uploads.Options(Stop));
        Rules[file.What] = [.. listed.Violations.Select(v => v.Rule).Order(StringComparer.Ordinal)];
        return sent;
    }

    /// <summary>What the protocol refuses: each refusal is an answer that may say too much.</summary>
    async Task BreakTheRulesAsync(CanaryFile file)
    {
        var name = (await CreateAsync(file)).Name;
        var damaged = Uploads.Message(name, 0, file.Content);
        damaged.Crc32C++;
        var ahead = Uploads.Message(name, 7_000, file.Content);
        var tooLong = Uploads.Message(name, 0, new byte[(1 << 20) + 1]);
        var wrongEnd = Uploads.Message(name, 0, file.Content);
        (wrongEnd.FinishWrite, wrongEnd.ContentSha256) = (true, ByteString.CopyFrom(new byte[32]));
        foreach (var message in new[] { damaged, ahead, tooLong, wrongEnd })
            await RefusedAsync(() => As(file).AppendContentAsync(message, Uploads.Options(Stop)));
        await As(file).AppendContentAsync(Uploads.Message(name, 0, file.Content), Uploads.Options(Stop));
        var changed = (byte[])file.Content.Clone();
        changed[^1]++;
        await RefusedAsync(() => As(file).AppendContentAsync(Uploads.Message(name, 0, changed), Uploads.Options(Stop)));
    }

    static async Task RefusedAsync(Func<AsyncUnaryCall<WriteContentResponse>> call) =>
        await Assert.ThrowsAsync<RpcException>(async () => await call());

    /// <summary>Chunks of a faulty file are durable when the service is killed; they are replayed later.</summary>
    async Task SendOverAKillAsync()
    {
        var cells = _files.Cells().First();
        var header = Array.IndexOf(cells.Content, (byte)'\n') + 1;
        var records = cells.Content[header..];
        var repeated = Enumerable.Repeat(records, 1_200_000 / records.Length).SelectMany(r => r);
        byte[] content = [.. cells.Content[..header], .. repeated];
        var file = cells with { Content = content };
        var name = (await CreateAsync(file)).Name;
        var part = Uploads.Message(name, 0, content.AsSpan(0, 900_000));
        var answer = await As(file).AppendContentAsync(part, Uploads.Options(Stop));
        Assert.InRange(answer.PersistedSize, 1, 900_000);
        await Exchange.KillAsync();
        Assert.Empty(_files.Canaries.FindBelow(Exchange.Home));
        await Exchange.ServeAsync();
        var question = new QueryWriteStatusRequest { Name = name };
        var from = (await As(file).QueryWriteStatusAsync(question, Uploads.Options(Stop))).PersistedSize;
        var rest = WireSender.Finish(Uploads.Message(name, from, content.AsSpan((int)from)), content);
        Faulty["over a kill"] = (await As(file).AppendContentAsync(rest, Uploads.Options(Stop))).Submission;
    }

    async Task SendByIsaxAsync()
    {
        var file = _files.Cells().First();
        var path = Path.Combine(Exchange.Root, $"{_files.Core}-faulty.csv");
        await File.WriteAllBytesAsync(path, file.Content, Stop);
        string[] what = ["--dataset", file.Dataset, "--period", file.Period, "--areas", file.Areas[0]];
        string[] send = ["send", path, .. what, "--submit"];
        string[] policies = ["--policies", NorthmerePolicies.Folder, "--partnership", "northmere"];
        var ran = await IsaxAsync(file.Sender, send);
        Assert.True(ran.ExitCode == 3, $"{ran}");
        await IsaxAsync(file.Sender, [.. send, "-o", "json"]);
        await IsaxAsync(file.Sender, ["validate", path, .. what, .. policies]);
        await IsaxAsync(file.Sender, "violations", Faulty[file.What].Name);
        await IsaxAsync(file.Sender, "violations", Faulty[file.What].Name, "-o", "json");
        await IsaxAsync(file.Sender, "status", "-o", "json");
        var valid = Path.Combine(Exchange.Root, $"{_files.Core}-valid.csv");
        await File.WriteAllBytesAsync(valid, ValidFile.Content(5_000), Stop);
        Valid = await IsaxAsync(
            Northmere.PoliceSender, "send", valid, "--dataset", StreetFile.Dataset, "--period", ValidFile.Period,
            "--submit");
        Assert.True(Valid.ExitCode == 0, $"{Valid}");
    }

    async Task<Ran> IsaxAsync(string who, params string[] arguments)
    {
        var ran = await Exchange.IsaxAsync(who, arguments);
        _said.Enqueue($"{ran}");
        return ran;
    }

    /// <summary>Reads what an officer and an auditor may read.</summary>
    async Task ReadAsync()
    {
        await IsaxAsync(Northmere.PoliceOfficer, "who");
        var audit = new AuditService.AuditServiceClient(Exchange.As(Northmere.PoliceOfficer));
        var accesses = new ListAccessesRequest { Parent = Northmere.Police, PageSize = 1000 };
        await audit.ListAccessesAsync(accesses, Uploads.Options(Stop));
        using var call = audit.ExportLog(new ExportLogRequest { Parent = Northmere.Police }, Uploads.Options(Stop));
        while (await call.ResponseStream.MoveNext(Stop))
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_exchange is not null)
            await _exchange.DisposeAsync();
        _sink.Dispose();
        Directory.Delete(_temporary, recursive: true);
    }
}
