using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Google.Protobuf;
using Google.Type;
using Grpc.Net.Client;
using IsaExchange.Benchmarks.Peers;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;

namespace IsaExchange.Benchmarks;

/// <summary>
/// P3: a real quarter to its receipt on a warm service, by the calls that isax makes, on an open connection. Peer: one
/// call that carries the same bytes, to a service that forgets them.
/// </summary>
sealed class QuarterWorkload(MeasuredExchange exchange, string file)
{
    const string Agreement = "agreements/hampshire";
    public const string Party = Agreement + "/parties/hampshire-police";

    static readonly Period Quarter = new()
    {
        StartDate = new Date { Year = 2018, Month = 10, Day = 1 },
        EndDateExclusive = new Date { Year = 2019, Month = 1, Day = 1 },
    };

    readonly byte[] _content = File.ReadAllBytes(file);
    readonly SubmissionService.SubmissionServiceClient _submissions = new(
        exchange.Exchange.As(MeasuredExchange.Sender));
    string _submitted = "";
    int _sends;

    public static async Task<IEnumerable<ResultRow>> RunAsync(
        Order order, StreetQuarter quarter, MeasuredExchange exchange, Progress progress)
    {
        await using var peer = await PeerProcess.DroppingAsync(CancellationToken.None);
        using var channel = GrpcChannel.ForAddress(
            peer.Address, new GrpcChannelOptions { HttpHandler = peer.Handler(), DisposeHttpClient = true });
        var bare = new SubmissionService.SubmissionServiceClient(channel);
        var workload = new QuarterWorkload(exchange, quarter.File);
        await workload.StandingAsync();

        var (ours, theirs) = (new List<TimeSpan>(), new List<TimeSpan>());
        var warmUp = Math.Max(5, order.Rounds / 10);
        for (var round = -warmUp; round < order.Rounds; round++)
        {
            var our = await MeasuredExchange.TimeAsync(workload.SubmitAsync);
            var their = await MeasuredExchange.TimeAsync(() => workload.CarryAsync(bare));
            if (round < 0)
                continue;
            ours.Add(our);
            theirs.Add(their);
            if ((round + 1) % 50 == 0)
                progress.Say($"p3 {exchange.SetUp}, round {round + 1} of {order.Rounds}: "
                    + $"{Figures.Median(ours).TotalMilliseconds:0.0} ms, "
                    + $"peer {Figures.Median(theirs).TotalMilliseconds:0.0} ms");
        }

        return ResultRow.OfLatency(
            "P3", exchange.SetUp, "same bytes, dropped", new Figures(ours, theirs), workload.Parts());
    }

    string Parts()
    {
        var (created, written, submitted) = (
            Figures.Median(Steps.Select(s => s.Created)), Figures.Median(Steps.Select(s => s.Written)),
            Figures.Median(Steps.Select(s => s.Submitted)));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"create {created.TotalMilliseconds:0.0}, content {written.TotalMilliseconds:0.0},"
            + $" submit {submitted.TotalMilliseconds:0.0} ms");
    }

    /// <summary>What an earlier workload submitted for the quarter: the first send corrects it.</summary>
    async Task StandingAsync()
    {
        var listed = await _submissions.ListSubmissionsAsync(
            new ListSubmissionsRequest { Parent = $"{Party}/datasets/{MeasuredExchange.Dataset}" });
        _submitted = listed.Submissions
            .FirstOrDefault(s => s.State == Submission.Types.State.Submitted)?.Name ?? "";
    }

    /// <summary>Where the time of each round went: creation, content, submission.</summary>
    public List<(TimeSpan Created, TimeSpan Written, TimeSpan Submitted)> Steps { get; } = [];

    /// <summary>Up to the verdict.</summary>
    public async Task UploadAsync()
    {
        var created = await CreateAsync();
        var sent = await WriteAsync(created.Name);
        if (sent.State != Submission.Types.State.Ready)
            throw new BenchmarkFaultException($"The quarter is {sent.State}.");
    }

    async Task SubmitAsync()
    {
        var started = Stopwatch.GetTimestamp();
        var created = await CreateAsync();
        var createdIn = Stopwatch.GetElapsedTime(started);
        var sent = await WriteAsync(created.Name);
        var writtenIn = Stopwatch.GetElapsedTime(started) - createdIn;
        if (sent.State != Submission.Types.State.Ready)
            throw new BenchmarkFaultException($"The quarter is {sent.State}.");
        var submitted = await _submissions.SubmitSubmissionAsync(new SubmitSubmissionRequest
        {
            Name = created.Name, RequestId = Uploads.NewRequestId(Random.Shared),
        });
        _submitted = submitted.Receipt is not null
            ? submitted.Name
            : throw new BenchmarkFaultException("No receipt came.");
        Steps.Add((createdIn, writtenIn, Stopwatch.GetElapsedTime(started) - createdIn - writtenIn));
    }

    async Task<Submission> CreateAsync() => await _submissions.CreateSubmissionAsync(new CreateSubmissionRequest
    {
        Parent = $"{Party}/datasets/{MeasuredExchange.Dataset}",
        Submission = Draft(),
        RequestId = Uploads.NewRequestId(Random.Shared),
    });

    Submission Draft()
    {
        var draft = new Submission
        {
            Period = Quarter,
            ContentKind = ContentKind.Table,
            ExpectedSizeBytes = _content.Length,
            ExpectedSha256 = ByteString.CopyFrom(SHA256.HashData(_content)),
            Supersedes = _submitted,
            CorrectionReason = _submitted.Length > 0 ? $"Repetition {++_sends}." : "",
        };
        draft.Areas.Add(exchange.Areas);
        return draft;
    }

    async Task<Submission> WriteAsync(string name)
    {
        using var call = _submissions.WriteContent();
        for (var at = 0; at < _content.Length; at += PeerClient.MessageBytes)
        {
            var part = _content.AsMemory(at, Math.Min(PeerClient.MessageBytes, _content.Length - at));
            var isLast = at + part.Length == _content.Length;
            await call.RequestStream.WriteAsync(new WriteContentRequest
            {
                Name = at == 0 ? name : "",
                WriteOffset = at,
                Data = UnsafeByteOperations.UnsafeWrap(part),
                Crc32C = WireSender.Checksum(part.Span),
                FinishWrite = isLast,
                ContentSha256 = isLast ? ByteString.CopyFrom(SHA256.HashData(_content)) : ByteString.Empty,
            });
        }

        await call.RequestStream.CompleteAsync();
        return (await call.ResponseAsync).Submission;
    }

    async Task CarryAsync(SubmissionService.SubmissionServiceClient peer)
    {
        using var content = new MemoryStream(_content, writable: false);
        var came = await PeerClient.SendAsync(peer, content);
        if (came != _content.Length)
            throw new BenchmarkFaultException($"The peer counted {came} bytes.");
    }
}
