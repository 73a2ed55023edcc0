using System.Text;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Faults;

/// <summary>No cell, no header and no file name gets out of the content: not into answers, logs, telemetry or
/// files.</summary>
public sealed class CanaryTests(CanaryExchange exchange) : IClassFixture<CanaryExchange>
{
    Canaries Canaries => exchange.Files.Canaries;

    [Fact]
    public void EveryCanaryFile_NeedsCorrection() => Assert.All(
        exchange.Faulty, sent => Assert.True(
            sent.Value.State == Submission.Types.State.NeedsCorrection, $"{sent.Key} is {sent.Value.State}"));

    [Fact]
    public void Answers_HoldNoCanary()
    {
        Assert.True(exchange.Wire.AsSpan().IndexOf("violationGroups"u8) > 0, "The recorder saw no answer.");
        Assert.True(exchange.Wire.AsSpan().IndexOf("grpc-status-details-bin"u8) > 0, "The recorder saw no refusal.");
        Assert.Null(Canaries.FindIn(exchange.Wire));
    }

    [Fact]
    public void Isax_SaysNoCanary()
    {
        Assert.Contains("NOT SUBMITTED", exchange.Said, StringComparison.Ordinal);
        Assert.Null(Canaries.FindIn(Encoding.UTF8.GetBytes(exchange.Said)));
    }

    [Fact]
    public void TheServiceLog_HoldsNoCanary()
    {
        Assert.Contains("listening on", exchange.Exchange.Log, StringComparison.Ordinal);
        Assert.Null(Canaries.FindIn(Encoding.UTF8.GetBytes(exchange.Exchange.Log)));
    }

    [Fact]
    public void TracesAndMetrics_HoldNoCanary()
    {
        Assert.True(exchange.Traces.AsSpan().IndexOf("submit.verdict"u8) > 0, "No trace of a verdict came.");
        Assert.True(exchange.Metrics.AsSpan().IndexOf("isax.verdicts"u8) > 0, "No metric of verdicts came.");
        Assert.Null(Canaries.FindIn(exchange.Traces));
        Assert.Null(Canaries.FindIn(exchange.Metrics));
    }

    [Fact]
    public void FilesOfTheHomeAndTemporaryFiles_HoldNoCanary()
    {
        // Also what the servers write down for themselves: data, logs, journals.
        Assert.All(exchange.Exchange.PlacesAtRest, place => Assert.Empty(Canaries.FindBelow(place)));
        Assert.Empty(Canaries.FindBelow(exchange.Exchange.Home));
        Assert.Empty(Canaries.FindBelow(exchange.Temporary));
    }

    [Fact]
    public async Task CodesOfASubmittedFile_CannotBeReadAtRest()
    {
        Assert.StartsWith("SUBMITTED", exchange.Valid.LastLine, StringComparison.Ordinal);
        var places = Enumerable.Range(0, 160).Select(n => StreetFile.SmallArea((n % 4) + 1, n / 4)).Distinct().ToList();
        Assert.Equal(100, places.Count);
        var codes = new Canaries(places);
        var objects = StoredObjects.Of(exchange.Exchange);
        var atRest = new List<TakenObject>();
        foreach (var name in await objects.NamesAsync("datasets/"))
            atRest.Add(await objects.TakeAsync(name));
        Assert.True(atRest.Sum(o => o.Payload.Length) > 100_000);
        Assert.All(atRest, o => Assert.Null(codes.FindIn(o.Payload)));
        Assert.Empty(codes.FindBelow(exchange.Exchange.Home));
        Assert.NotNull(codes.FindIn(exchange.ValidFile.Content(100)));
    }

    [Fact]
    public async Task NeedsCorrection_LeavesNothingBehind()
    {
        var left = await StoredObjects.Of(exchange.Exchange).NamesAsync("");
        Assert.NotEmpty(left);
        foreach (var (what, submission) in exchange.Faulty)
        {
            var id = submission.Name[(submission.Name.LastIndexOf('/') + 1)..];
            Assert.False(left.Any(name => name.Contains(id, StringComparison.Ordinal)), $"{what}: something is left.");
        }

        if (SetUp.IsServers)
            return;

        // What is staged lies apart in a folder.
        var objects = Path.Combine(exchange.Exchange.Home, "objects");
        var headers = Directory.EnumerateFiles(objects, "header", SearchOption.AllDirectories).ToList();
        Assert.All(exchange.Faulty, f => Assert.DoesNotContain(
            headers, h => h.Contains(f.Value.Name[^32..], StringComparison.Ordinal)));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(objects, "new")));
    }

    [Fact]
    public async Task RefusedByTheGate_LeavesNoReadableCopy()
    {
        var what = exchange.Files.ForTheGate().What;
        Assert.Equal(["D505", "D510", "D511", "D512", "D513", "D514", "D515"], exchange.Rules[what]);
        var id = exchange.Faulty[what].Name[^32..];
        var names = await StoredObjects.Of(exchange.Exchange).NamesAsync("");
        Assert.DoesNotContain(names, name => name.Contains(id, StringComparison.Ordinal));
        if (SetUp.IsServers)
            return;

        // Whoever holds the objects and every key of the exchange opens all that is there.
        var store = new FolderObjectStore(Path.Combine(exchange.Exchange.Home, "objects"));
        var keys = new KeyFileRing(Path.Combine(exchange.Exchange.Home, "keys", "kek"));
        var valid = new Canaries(StreetFile.SmallArea(1, 0));
        var opened = 0;
        foreach (var name in names)
        {
            var stop = TestContext.Current.CancellationToken;
            Assert.True(ObjectName.TryParse(name, out var parsed), name);
            await using var plain = await SealedObjects.OpenAsync(store, parsed, keys, stop);
            using var content = new MemoryStream();
            await plain.CopyToAsync(content, stop);
            Assert.Null(Canaries.FindIn(content.ToArray()));
            opened += valid.FindIn(content.ToArray()) is null ? 0 : 1;
        }

        Assert.True(opened > 0, "Not even the submitted file could be read with the keys.");
    }

    [Fact]
    public void APlantedCanary_IsFoundInEveryDisguise()
    {
        var folder = Directory.CreateTempSubdirectory("isax-planted-").FullName;
        try
        {
            var planted = Plant(exchange.Files.Core).ToList();
            foreach (var (i, bytes) in planted.Index())
            {
                var below = Directory.CreateDirectory(Path.Combine(folder, $"{i}", "deep")).FullName;
                File.WriteAllBytes(Path.Combine(below, "file"), [.. Noise(5_000), .. bytes, .. Noise(5_000)]);
            }

            Assert.Equal(planted.Count, Canaries.FindBelow(folder).Count);
            Assert.Null(Canaries.FindIn(Noise(100_000)));
            Assert.All(exchange.Files.All(), f => Assert.True(Canaries.FindIn(f.Content) is not null, f.What));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Made as a program would make them, not as the search does.
    static IEnumerable<byte[]> Plant(string word)
    {
        foreach (var said in new[] { word, word.ToUpperInvariant(), word.ToLowerInvariant() })
        {
            var utf8 = Encoding.UTF8.GetBytes($"a {said} b");
            yield return utf8;
            yield return Encoding.Unicode.GetBytes($"a {said} b");
            yield return Encoding.BigEndianUnicode.GetBytes($"a {said} b");
            yield return Encoding.ASCII.GetBytes(Convert.ToHexString(utf8));
            yield return Encoding.ASCII.GetBytes(Convert.ToHexStringLower(utf8));
            for (var from = 0; from < 3; from++)
                yield return Encoding.ASCII.GetBytes(Convert.ToBase64String(utf8[from..]));
        }
    }

    static byte[] Noise(int bytes)
    {
        var noise = new byte[bytes];
        Random.Shared.NextBytes(noise);
        return noise;
    }
}
