using IsaExchange.Exchange.Storage;
using IsaExchange.ServiceTests.Faults;
using Xunit;

namespace IsaExchange.ServiceTests.Objects;

/// <summary>Calls that fail, and calls of which nobody knows whether they failed.</summary>
public sealed class BlobCallFaultTests
{
    static readonly byte[] Content = SealedContent.Random(200_000);

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ErrorsOnAnyCall_AreRepeatedWithinBoundsAndLeaveNoDuplicate()
    {
        using var stage = await BlobFaultStage.CreateAsync();
        stage.Faults.Reset();
        await stage.LiveAsync(Content);
        var ideal = stage.Faults.Requests;
        var (lives, made, injected) = (0, 0, 0);
        var time = CampaignTime.Begin();
        for (var call = 1; call <= ideal && !time.IsOver; call += BlobFaultStage.IsFull ? 1 : 5)
        {
            foreach (var (fault, times) in Refusals(call))
            {
                stage.Faults.Reset();
                var (from, upTo) = (call, call + times);
                stage.Faults.Choose = (n, _) => n >= from && n < upTo ? fault : HttpFault.None;
                await stage.LiveAsync(Content);
                (lives, made, injected) = (lives + 1, made + stage.Faults.Requests, injected + stage.Faults.Injected);

                // One that fails is sent again; where it was the look after a refused commit, the commit is too.
                Assert.InRange(
                    stage.Faults.Requests, ideal + stage.Faults.Injected, ideal + (2 * stage.Faults.Injected));
            }
        }

        BlobFaultStage.Say(
            $"{lives} lives of an object: {made} calls, {lives * ideal} ideal, {injected} failed, 0 doubled");
    }

    /// <summary>Every refusal, once and as often in a row as it is repeated; or one of them.</summary>
    static IEnumerable<(HttpFault Fault, int Times)> Refusals(int call)
    {
        HttpFault[] faults = [HttpFault.Error500, HttpFault.Error503, HttpFault.Error429, HttpFault.NeverSent];
        return BlobFaultStage.IsFull
            ? faults.SelectMany(f => Enumerable.Range(1, BlobFaultStage.RetriesMax).Select(times => (f, times)))
            : [(faults[call / 5 % faults.Length], 1 + (call / 5 % 2))];
    }

    [Theory]
    [InlineData(nameof(HttpFault.Error503))]
    [InlineData(nameof(HttpFault.NeverSent))]
    public async Task ErrorsWithoutEnd_AreAFaultAfterBoundedCalls(string fault)
    {
        using var stage = await BlobFaultStage.CreateAsync();
        var name = stage.NewName();
        await using var writer = await stage.Store.StageAsync(name, "header"u8.ToArray(), Stop);
        await writer.AppendAsync(new byte[] { 1 }, Stop);
        stage.Faults.Reset();
        stage.Faults.Choose = (_, _) => Enum.Parse<HttpFault>(fault);
        await Assert.ThrowsAsync<StorageFaultException>(() => writer.AppendAsync(new byte[] { 2 }, Stop));
        Assert.Equal(1 + BlobFaultStage.RetriesMax, stage.Faults.Requests);
        stage.Faults.Choose = static (_, _) => HttpFault.None;

        // What follows is not ours to say: the writer takes no more, and what was acknowledged stands.
        await Assert.ThrowsAsync<StorageFaultException>(() => writer.AppendAsync(new byte[] { 2 }, Stop));
        await using var left = await stage.Plain.TakeOverAsync(name, Stop);
        Assert.Equal(1, Assert.IsType<StoredObject>(left).PayloadLength);
    }

    [Fact]
    public async Task AnswersLostAfterTheWorkWasDone_AreLookedAtAndNothingIsLostOrDoubled()
    {
        using var stage = await BlobFaultStage.CreateAsync();
        var (wanted, commits, others, lives) = (BlobFaultStage.IsFull ? 2_000 : 30, 0, 0, 0);
        var (random, inARow) = (new Random(BlobFaultStage.Seed), 0);
        stage.Faults.Choose = (_, request) =>
        {
            // Every other commit and one in six of what else changes something; never for longer than is repeated.
            var isHit = request.Method != HttpMethod.Get && request.Method != HttpMethod.Head
                && inARow < BlobFaultStage.RetriesMax - 1 && random.Next(IsCommit(request) ? 2 : 6) == 0;
            inARow = isHit ? inARow + 1 : 0;
            if (!isHit)
                return HttpFault.None;
            (commits, others) = IsCommit(request) ? (commits + 1, others) : (commits, others + 1);
            return random.Next(2) == 0 ? HttpFault.AnswerLost : HttpFault.DoneButError500;
        };
        for (var time = CampaignTime.Begin(); commits < wanted && !time.IsOver; lives++)
        {
            try
            {
                await stage.LiveAsync(Content);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                throw new InvalidOperationException(
                    $"ISAX_SEED={BlobFaultStage.Seed}, life {lives}, commit {commits}: {e.Message}", e);
            }
        }

        BlobFaultStage.Say(
            $"{commits} commits and {others} other changes whose answer was lost, in {lives} lives of an object:"
            + " 0 lost, 0 doubled");
    }

    [Fact]
    public async Task SilenceAfterTheWorkWasDone_EndsWithTheAttemptAndIsLookedAt()
    {
        using var stage = await BlobFaultStage.CreateAsync(attempt: TimeSpan.FromSeconds(2));
        var (name, silent) = (stage.NewName(), 0);
        await using var writer = await stage.Store.StageAsync(name, "header"u8.ToArray(), Stop);
        stage.Faults.Choose = (_, request) =>
            IsCommit(request) && silent++ == 0 ? HttpFault.DoneButSilent : HttpFault.None;
        await writer.AppendAsync(new byte[] { 1, 2 }, Stop);
        await writer.AppendAsync(new byte[] { 3 }, Stop);
        await using var left = await stage.Plain.ReadStagedAsync(name, Stop);
        Assert.Equal(3, Assert.IsType<StoredObject>(left).PayloadLength);
        Assert.Equal(3, writer.Length);
    }

    [Fact]
    public async Task CommitWhoseEndStaysUnknown_IsNotAcknowledgedAndCannotComeAfterATakeOver()
    {
        using var stage = await BlobFaultStage.CreateAsync();
        var name = stage.NewName();
        await using var writer = await stage.Store.StageAsync(name, "header"u8.ToArray(), Stop);
        var asked = false;
        stage.Faults.Choose = (_, request) =>
        {
            asked |= IsCommit(request);
            return asked ? HttpFault.AnswerLost : HttpFault.None;
        };
        await Assert.ThrowsAsync<StorageFaultException>(() => writer.AppendAsync(new byte[] { 1 }, Stop));
        stage.Faults.Choose = static (_, _) => HttpFault.None;
        await using var taken = await stage.Plain.TakeOverAsync(name, Stop);

        // The server had done it: durable and never promised, which is allowed; it must be whole or absent.
        Assert.InRange(Assert.IsType<StoredObject>(taken).PayloadLength, 0, 1);
        Assert.Equal(0, writer.Length);
        await Assert.ThrowsAsync<StorageFaultException>(() => writer.AppendAsync(new byte[] { 1 }, Stop));
    }

    static bool IsCommit(HttpRequestMessage request) =>
        request.Method == HttpMethod.Put
        && request.RequestUri!.Query.Contains("comp=blocklist", StringComparison.Ordinal);
}
