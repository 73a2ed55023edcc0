using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Grpc.Core;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.Tests.Outside;
using IsaExchange.V1;
using Xunit;
using State = IsaExchange.V1.Submission.Types.State;

namespace IsaExchange.ServiceTests.Faults;

/// <summary>
/// Others' malformed files and fuzz corpora, uploaded to one service that runs all the while: each ends with a verdict
/// or an error of ours, soon, and then the service takes a good file as if nothing had been. What each fault is called
/// is the validator's own business and its tests'.
/// </summary>
public sealed class BadInputTests(ITestOutputHelper output)
{
    const long MiB = 1 << 20;
    const long PeakMax = 512 * MiB;
    const int FilesOfOneInTheSample = 12;

    static readonly TimeSpan DeadlineOfAFile = TimeSpan.FromSeconds(20);
    static readonly bool Full = Environment.GetEnvironmentVariable("ISAX_FULL") == "1";
    static readonly Slot Month = Slot.Unused;
    static readonly byte[] Header = "row_no,event_month,crime_type,lsoa\n"u8.ToArray();

    /// <summary>As its users run it, whose collector takes more memory than that of the tests.</summary>
    static readonly Dictionary<string, string> AsUsersRunIt = new(StringComparer.Ordinal) { ["DOTNET_gcServer"] = "1" };

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryFile_EndsWithAVerdictOrAnError()
    {
        var files = Chosen(Directory.GetFiles(
            SharedFolders.Vectors("bad-input"), "*", SearchOption.AllDirectories));
        await using var exchange = await TestExchange.StartAsync(
            NorthmerePolicies.Folder, AsUsersRunIt, onServers: false);
        var (process, before) = (exchange.ProcessId, MemoryTests.Peak(exchange));
        var clock = Stopwatch.StartNew();
        var ends = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var slowest = TimeSpan.Zero;
        foreach (var (name, content) in files.SelectMany(Contents).Append(("every naughty string", Naughty())))
        {
            var (end, time) = await UploadAsync(exchange, name, content);
            ends[end] = ends.GetValueOrDefault(end) + 1;
            slowest = time > slowest ? time : slowest;
        }

        var peak = MemoryTests.Peak(exchange);
        output.WriteLine($"{files.Count} files, {ends.Values.Sum()} uploads in {clock.Elapsed.TotalSeconds:0.0} s, "
            + $"the slowest {slowest.TotalMilliseconds:0} ms; peak {before / MiB} MiB, then {peak / MiB} MiB");
        output.WriteLine(string.Join(", ", ends.Select(e => $"{e.Key} {e.Value}")));
        Assert.Equal(process, exchange.ProcessId);
        Assert.Equal("", exchange.Incidents);
        Assert.True(peak <= PeakMax, $"{peak / MiB} MiB");
        await AssertServesAsync(exchange);
    }

    /// <summary>All of them in the long run. Otherwise every so many, and what grows when it is unpacked.</summary>
    static IReadOnlyList<string> Chosen(string[] files)
    {
        Assert.True(files.Length > 1_800, $"only {files.Length} files");
        return
        [
            .. files.Order(StringComparer.Ordinal).Where((file, i) => Full || i % FilesOfOneInTheSample == 0
                || Path.GetFileName(file).Contains("bomb", StringComparison.Ordinal)),
        ];
    }

    /// <summary>The file as it is; and behind a good header, so that its records are read.</summary>
    static IEnumerable<(string Name, byte[] Content)> Contents(string file)
    {
        var content = File.ReadAllBytes(file);
        yield return (file, content);
        if (!content.AsSpan().StartsWith<byte>([0x1F, 0x8B]))
            yield return ($"{file} behind a header", [.. Header, .. content]);
    }

    static byte[] Naughty()
    {
        var file = SharedFolders.Vectors("bad-input", "blns", "blns.json");
        using var strings = JsonDocument.Parse(File.ReadAllBytes(file));
        var text = new StringBuilder(Encoding.ASCII.GetString(Header));
        foreach (var (i, value) in strings.RootElement.EnumerateArray().Index())
        {
            var cell = value.GetString()!.Replace("\"", "\"\"", StringComparison.Ordinal);
            text.Append(CultureInfo.InvariantCulture, $"{i + 1},2024-04,\"{cell}\",\"{cell}\"\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>How it ended, in a word, and how long it took from the first call to the last answer.</summary>
    static async Task<(string End, TimeSpan Time)> UploadAsync(TestExchange exchange, string name, byte[] content)
    {
        var clock = Stopwatch.StartNew();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        deadline.CancelAfter(DeadlineOfAFile);
        var submissions = new SubmissionService.SubmissionServiceClient(exchange.As(Northmere.PoliceSender));
        try
        {
            var police = new WireSender(submissions, Northmere.Street);
            var created = await submissions.CreateSubmissionAsync(
                police.Request(Month), cancellationToken: deadline.Token);
            var sent = await Uploads.SendAsync(submissions, created.Name, content, deadline.Token);
            Assert.True(sent.State is State.Ready or State.NeedsCorrection, $"{name}: {sent.State}");
            Assert.True(
                sent.State == State.Ready || sent.ViolationSummary.ErrorCount > 0, $"{name}: refused without an error");
            return (sent.State.ToString(), clock.Elapsed);
        }
        catch (RpcException e) when (!deadline.IsCancellationRequested)
        {
            var problem = Problem.Of(e);
            Assert.True(problem.Code is not (StatusCode.Internal or StatusCode.Unknown), $"{name}: {problem}");
            return (problem.ToString(), clock.Elapsed);
        }
        catch (Exception e) when (e is OperationCanceledException or RpcException && !Stop.IsCancellationRequested)
        {
            throw new TimeoutException($"{name} was not settled within {DeadlineOfAFile}.", e);
        }
    }

    static async Task AssertServesAsync(TestExchange exchange)
    {
        var file = new StreetFile(NorthmerePolicies.FirstMonth, 1, 2, 3, 4);
        var submissions = new SubmissionService.SubmissionServiceClient(exchange.As(Northmere.PoliceSender));
        var created = await submissions.CreateSubmissionAsync(
            Uploads.Create(file, Uploads.NewRequestId(Random.Shared)), Uploads.Options(Stop));
        var sent = await Uploads.SendAsync(submissions, created.Name, file.Content(10_000), Stop);
        Assert.Equal((State.Ready, 10_000), (sent.State, sent.RecordCount));
        var submitted = await submissions.SubmitSubmissionAsync(
            new SubmitSubmissionRequest { Name = created.Name }, Uploads.Options(Stop));
        Assert.Equal(State.Submitted, submitted.State);
    }
}
