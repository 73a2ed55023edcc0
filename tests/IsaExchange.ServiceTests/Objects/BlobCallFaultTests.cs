using IsaExchange.Exchange.Storage;
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
        HttpFault[] faults = [HttpFault.Error500, HttpFault.Error503, HttpFault.Error429, HttpFault.NeverSent];
        for (var call = 1; call <= ideal; call += BlobFaultStage.IsFull ? 1 : 3)
        {
            for (var times = 1; times <= (BlobFaultStage.IsFull ? BlobFaultStage.RetriesMax : 1); times++)
            {
                stage.Faults.Reset();
                var (from, upTo, fault) = (call, call + times, faults[(call + times) % faults.Length]);
                stage.Faults.Choose = (n, _) => n >= from && n < upTo ? fault : HttpFault.None;
                await stage.LiveAsync(Content);
                (lives, made, injected) = (lives + 1, made + stage.Faults.Requests, injected + stage.Faults.Injected);
                Assert.Equal(ideal + stage.Faults.Injected, stage.Faults.Requests);
            }
        }

        Assert.Equal(lives * ideal, made - injected);
        BlobFaultStage.Say(
            $"{lives} lives of an object: {made} calls, {lives * ideal} ideal, {injected} failed, 0 doubled");
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
        stage.Faults.Reset();
        await stage.LiveAsync(Content);
        var ideal = stage.Faults.Requests;
        var (ambiguous, random) = (0, new Random(BlobFaultStage.Seed));
        HttpFault[] faults = [HttpFault.AnswerLost, HttpFault.DoneButError500];
        var calls = BlobFaultStage.IsFull
            ? Enumerable.Range(0, 2_000).Select(_ => random.Next(1, ideal + 1))
            : Enumerable.Range(1, ideal);
        foreach (var call in calls)
        {
            stage.Faults.Reset();
            var fault = faults[random.Next(faults.Length)];
            stage.Faults.Choose = (n, _) => n == call ? fault : HttpFault.None;
            try
            {
                await stage.LiveAsync(Content);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                throw new InvalidOperationException(
                    $"ISAX_SEED={BlobFaultStage.Seed}, call {call}, {fault}: {e.Message}", e);
            }

            ambiguous += stage.Faults.Injected;
        }

        Assert.Equal(calls.Count(), ambiguous);
        BlobFaultStage.Say($"{ambiguous} ambiguous ends, 0 lost, 0 doubled");
    }

    [Fact]
    public async Task SilenceAfterTheWorkWasDone_EndsWithTheAttemptAndIsLookedAt()
    {
        using var stage = await BlobFaultStage.CreateAsync();
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
