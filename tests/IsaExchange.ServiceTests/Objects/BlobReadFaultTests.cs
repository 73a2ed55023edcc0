using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.ServiceTests.Faults;
using Xunit;

namespace IsaExchange.ServiceTests.Objects;

/// <summary>Answers that break off, end early, or are not what was stored.</summary>
public sealed class BlobReadFaultTests
{
    const int Chunk = 64 << 10;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task BodiesCutAnywhere_AreReadOnByRangeAndNeverShort()
    {
        using var stage = await BlobFaultStage.CreateAsync();
        var (name, random) = (stage.NewName(), new Random(BlobFaultStage.Seed));
        var content = SealedContent.Random((5 << 20) + 1);
        await SealedObjects.PutAsync(stage.Plain, name, await stage.Sealing.KekAsync(), content, Stop);
        var cuts = 0;
        stage.Faults.Place = random.NextDouble;
        var (reads, time) = (0, CampaignTime.Begin());
        for (; reads < (BlobFaultStage.IsFull ? 600 : 6) && !time.IsOver; reads++)
        {
            stage.Faults.Reset();
            var (fault, every) = (reads % 2 == 0 ? HttpFault.BodyCut : HttpFault.BodyShort, 2 + (reads % 3));
            stage.Faults.Choose = (n, _) => n % every == 0 ? fault : HttpFault.None;
            var opened = await stage.Sealing.OpenAsync(stage.Store, name);
            Assert.True(opened.SequenceEqual(content), $"ISAX_SEED={BlobFaultStage.Seed}, read {reads}");
            cuts += stage.Faults.Injected;
        }

        Assert.True(cuts > 0);
        BlobFaultStage.Say($"{reads} reads, {cuts} resets and early ends, 0 short reads");
    }

    [Fact]
    public async Task BitsFlipped_AreAllDetected()
    {
        using var stage = await BlobFaultStage.CreateAsync();
        var (name, random) = (stage.NewName(), new Random(BlobFaultStage.Seed));
        var content = SealedContent.Random((2 * Chunk) + 100);
        await SealedObjects.PutAsync(stage.Plain, name, await stage.Sealing.KekAsync(), content, Stop);
        var stored = await stage.Account.BytesAsync(name, Stop);
        var (flips, header) = (0, stored.Length - SealedContent.Seal(FileKey.Generate(), content).Length);

        // Every kind of place first, then anywhere.
        var places = new List<int>
        {
            0, header - 1, header, header + 15, header + 16, header + 16 + Chunk, header + 16 + Chunk + 15,
            header + 32 + Chunk, stored.Length - 17, stored.Length - 1,
        };
        var more = BlobFaultStage.IsFull ? 10_000 : 40;
        places.AddRange(Enumerable.Range(0, more).Select(_ => random.Next(stored.Length)));
        foreach (var place in places)
        {
            stage.Faults.Place = () => (place + 0.5) / stored.Length;
            stage.Faults.Choose = static (_, request) =>
                request.Method == HttpMethod.Get ? HttpFault.BitFlipped : HttpFault.None;
            await RefusedAsync(stage, name, content, $"bit flipped at {place} of {stored.Length}");
            flips++;
        }

        BlobFaultStage.Say($"{flips} flips, {flips} detected");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public async Task TruncatedExtendedOrEmptied_IsRefused(int behindTheLastChunk)
    {
        using var stage = await BlobFaultStage.CreateAsync();
        var (name, chunks) = (stage.NewName(), BlobFaultStage.IsFull ? 66 : 3);
        var content = SealedContent.Random((chunks * Chunk) + behindTheLastChunk);
        await SealedObjects.PutAsync(stage.Plain, name, await stage.Sealing.KekAsync(), content, Stop);
        var whole = await stage.Account.BytesAsync(name, Stop);
        var header = whole.Length - SealedContent.Seal(FileKey.Generate(), content).Length;
        var lengths = new SortedSet<int> { 0, 1, header - 1, header, header + 1, header + 15, whole.Length - 1 };
        for (var chunk = 0; chunk <= chunks; chunk++)
        {
            // Behind so many whole chunks: nothing in the bytes themselves looks torn there.
            var boundary = header + 16 + (chunk * (Chunk + 16));
            lengths.UnionWith([boundary - 1, boundary, boundary + 1]);
        }

        lengths.RemoveWhere(length => length >= whole.Length);
        var metadata = (await stage.Account.Blob(name).GetPropertiesAsync(cancellationToken: Stop)).Value.Metadata;
        var altered = lengths.Select(length => whole[..length])
            .Append([.. whole, 0]).Append([.. whole, .. whole[^(Chunk + 16)..]]).ToList();
        var (tried, time) = (0, CampaignTime.Begin());
        foreach (var bytes in altered.TakeWhile(_ => !time.IsOver))
        {
            tried += 2;
            await stage.Account.WriteOverAsync(name, bytes, metadata, Stop);
            await RefusedAsync(stage, name, content, $"{bytes.Length} of {whole.Length}");

            // And by somebody who knows our marks, and says there how much is left.
            await stage.Account.WriteOverAsync(
                name, bytes, new Dictionary<string, string>(metadata, StringComparer.OrdinalIgnoreCase)
                {
                    ["isaxpayload"] = $"{Math.Max(0, bytes.Length - header)}",
                },
                Stop);
            await RefusedAsync(stage, name, content, $"{bytes.Length} of {whole.Length}, marked so");
        }

        await stage.Account.WriteOverAsync(name, whole, metadata, Stop);
        Assert.True((await stage.Sealing.OpenAsync(stage.Store, name)).SequenceEqual(content));
        BlobFaultStage.Say(
            $"{tried} truncations and extensions of {chunks} chunks, {tried} detected");
    }

    [Fact]
    public async Task AnotherObjectAnotherPayloadOrAnEarlierState_IsRefused()
    {
        using var stage = await BlobFaultStage.CreateAsync();
        var (rounds, random, detected) = (BlobFaultStage.IsFull ? 250 : 3, new Random(BlobFaultStage.Seed), 0);
        var time = CampaignTime.Begin();
        for (var round = 0; round < rounds && !time.IsOver; round++)
            detected += await SubstituteAsync(stage, Chunk + random.Next(-5, 1000));
        BlobFaultStage.Say($"{detected} substitutions, {detected} detected");
    }

    /// <summary>What others' rights to the account can put in the place of a promoted object; how many ways there
    /// were.</summary>
    static async Task<int> SubstituteAsync(BlobFaultStage stage, int length)
    {
        ObjectName name = stage.NewName(), other = stage.NewName();
        var content = SealedContent.Random(length);
        using var key = await stage.Sealing.StageAsync(stage.Plain, name, content, pieces: 2);
        var staged = await stage.Account.BytesAsync(name, Stop);
        var earlier = await MarkAsync(stage, name);
        var promoted = await stage.Sealing.HeaderAsync(name.Value, key);
        await stage.Plain.PromoteAsync(name, promoted, Stop);
        var whole = await MarkAsync(stage, name);
        await SealedObjects.PutAsync(
            stage.Plain, other, await stage.Sealing.KekAsync(), SealedContent.Random(length), Stop);
        var theirs = await stage.Account.BytesAsync(other, Stop);
        var mine = await stage.Account.BytesAsync(name, Stop);

        await stage.Account.WriteOverAsync(name, theirs, await MarkAsync(stage, other), Stop);
        var refusal = await Assert.ThrowsAsync<SealBrokenException>(() => stage.Sealing.OpenAsync(stage.Store, name));
        Assert.Equal(SealBreak.BoundToAnotherName, refusal.Reason);
        var header = mine.Length - SealedContent.Seal(key, content).Length;
        byte[] mixed = [.. mine[..header], .. theirs[^(theirs.Length - header)..]];
        await stage.Account.WriteOverAsync(name, mixed, whole, Stop);
        await RefusedAsync(stage, name, content, "another payload under our header");
        await stage.Account.WriteOverAsync(name, staged, whole, Stop);
        await RefusedAsync(stage, name, content, "the staged state, called whole");
        await stage.Account.WriteOverAsync(name, staged, earlier, Stop);
        await Assert.ThrowsAsync<ObjectNotFoundException>(() => stage.Sealing.OpenAsync(stage.Store, name));
        await stage.Account.WriteOverAsync(name, mine, new Dictionary<string, string>(StringComparer.Ordinal), Stop);
        await RefusedAsync(stage, name, content, "our bytes without a mark");
        return 5;
    }

    static async Task<IDictionary<string, string>> MarkAsync(BlobFaultStage stage, ObjectName name) =>
        (await stage.Account.Blob(name).GetPropertiesAsync(cancellationToken: Stop)).Value.Metadata;

    static async Task RefusedAsync(BlobFaultStage stage, ObjectName name, byte[] content, string what)
    {
        byte[]? opened = null;
        try
        {
            opened = await stage.Sealing.OpenAsync(stage.Store, name);
        }
        catch (Exception e) when (e is SealBrokenException or KeyUnavailableException or StorageFaultException)
        {
            // As it must end: which of them depends on the place.
        }

        var outcome = opened?.SequenceEqual(content) == true ? "unnoticed" : "other content";
        Assert.True(opened is null, $"ISAX_SEED={BlobFaultStage.Seed}: {what}: {outcome}");
    }
}
