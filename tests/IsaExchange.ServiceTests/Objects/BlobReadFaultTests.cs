using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
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
        var content = SealedContent.Random((9 << 20) + 1);
        await SealedObjects.PutAsync(stage.Plain, name, await stage.Sealing.KekAsync(), content, Stop);
        var cuts = 0;
        stage.Faults.Place = random.NextDouble;
        for (var read = 0; read < (BlobFaultStage.IsFull ? 300 : 6); read++)
        {
            stage.Faults.Reset();
            var (fault, every) = (read % 2 == 0 ? HttpFault.BodyCut : HttpFault.BodyShort, 2 + (read % 3));
            stage.Faults.Choose = (n, _) => n % every == 0 ? fault : HttpFault.None;
            var opened = await stage.Sealing.OpenAsync(stage.Store, name);
            Assert.True(opened.SequenceEqual(content), $"ISAX_SEED={BlobFaultStage.Seed}, read {read}");
            cuts += stage.Faults.Injected;
        }

        Assert.True(cuts > 0);
        BlobFaultStage.Say($"{cuts} resets and early ends, 0 short reads");
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

    [Fact]
    public async Task TruncatedExtendedOrEmptied_IsRefused()
    {
        using var stage = await BlobFaultStage.CreateAsync();
        var name = stage.NewName();
        var content = SealedContent.Random((2 * Chunk) + 100);
        await SealedObjects.PutAsync(stage.Plain, name, await stage.Sealing.KekAsync(), content, Stop);
        var whole = await stage.Account.BytesAsync(name, Stop);
        var header = whole.Length - SealedContent.Seal(FileKey.Generate(), content).Length;
        var edges = new List<int> { 0, 1, header - 1, header, header + 1, header + 16 };
        for (var chunk = 0; chunk < 3; chunk++)
            edges.AddRange([header + 16 + (chunk * (Chunk + 16)) - 1, header + 16 + (chunk * (Chunk + 16)) + 1]);
        edges.Add(whole.Length - 1);
        var metadata = (await stage.Account.Blob(name).GetPropertiesAsync(cancellationToken: Stop)).Value.Metadata;
        foreach (var length in edges)
        {
            await stage.Account.WriteOverAsync(name, whole[..length], metadata, Stop);
            await RefusedAsync(stage, name, content, $"cut to {length} of {whole.Length}");
        }

        await stage.Account.WriteOverAsync(name, [.. whole, 0], metadata, Stop);
        await RefusedAsync(stage, name, content, "one byte more");
        await stage.Account.WriteOverAsync(name, whole, metadata, Stop);
        Assert.True((await stage.Sealing.OpenAsync(stage.Store, name)).SequenceEqual(content));
        BlobFaultStage.Say($"{edges.Count + 1} truncations and extensions, {edges.Count + 1} detected");
    }

    [Fact]
    public async Task AnotherObjectAnotherPayloadOrAnEarlierState_IsRefused()
    {
        using var stage = await BlobFaultStage.CreateAsync();
        ObjectName name = stage.NewName(), other = stage.NewName();
        var content = SealedContent.Random(Chunk + 5);
        using var key = await stage.Sealing.StageAsync(stage.Plain, name, content, pieces: 2);
        var staged = await stage.Account.BytesAsync(name, Stop);
        var earlier = (await stage.Account.Blob(name).GetPropertiesAsync(cancellationToken: Stop)).Value.Metadata;
        await stage.Plain.PromoteAsync(name, await stage.Sealing.HeaderAsync(name.Value, key), Stop);
        var whole = (await stage.Account.Blob(name).GetPropertiesAsync(cancellationToken: Stop)).Value.Metadata;
        await SealedObjects.PutAsync(
            stage.Plain, other, await stage.Sealing.KekAsync(), SealedContent.Random(Chunk + 5), Stop);
        var theirs = await stage.Account.BytesAsync(other, Stop);
        var theirMark = (await stage.Account.Blob(other).GetPropertiesAsync(cancellationToken: Stop)).Value.Metadata;
        var mine = await stage.Account.BytesAsync(name, Stop);

        await stage.Account.WriteOverAsync(name, theirs, theirMark, Stop);
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
        BlobFaultStage.Say("5 substitutions, 5 detected");
    }

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
