using System.Globalization;
using System.Text;
using IsaExchange.Tests.Outside;
using IsaExchange.TransparencyLog;
using IsaExchange.TransparencyLog.Tiles;
using IsaExchange.TransparencyLog.Witnessing;
using Xunit;

namespace IsaExchange.Tests.TransparencyLog;

/// <summary>
/// A verifier in another language, written from the specifications, judges random logs and proofs as ours does; of each
/// two one has a byte changed somewhere.
/// </summary>
public sealed class SecondVerifierTests(ITestOutputHelper output) : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("isax-tlog-");

    static int Logs => Environment.GetEnvironmentVariable("ISAX_FULL") == "1" ? 1_000 : 60;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task RandomLogs_AreJudgedAlike()
    {
        await OtherPrograms.RequireAsync(_folder.FullName, "python3", ["--version"], Ct);
        var seed = int.TryParse(Environment.GetEnvironmentVariable("ISAX_SEED"), out var given)
            ? given : Environment.TickCount;
        var random = new Random(seed);
        for (var i = 0; i < Logs; i++)
        {
            var log = _folder.CreateSubdirectory(i.ToString("D4", CultureInfo.InvariantCulture)).FullName;
            await new RandomLog(log, random).WriteAsync(Ct);
            if (random.Next(2) == 0)
                Spoil(log, random);
        }

        var ours = new StringBuilder();
        foreach (var log in Directory.GetDirectories(_folder.FullName).Order(StringComparer.Ordinal))
            await JudgeAsync(log, ours);
        var script = Path.Combine(SharedFolders.Repository, "tests", "tlog", "verify.py");
        var theirs = await OtherPrograms.RunAsync(_folder.FullName, "python3", [script, _folder.FullName], Ct);
        var (accepted, refused) = (Count(theirs, " ok\n"), Count(theirs, " refused\n"));
        output.WriteLine($"seed {seed}: {Logs} logs, {accepted} accepted, {refused} refused");
        Assert.Equal(($"seed {seed}", ours.ToString()), ($"seed {seed}", theirs));
        Assert.True(accepted > Logs && refused > Logs / 4, $"{accepted} accepted, {refused} refused");
    }

    static int Count(string text, string word) => text.Split(word).Length - 1;

    /// <summary>One bit, of a tile, a bundle, a head, a proof or a leaf.</summary>
    static void Spoil(string log, Random random)
    {
        var files = Directory.GetFiles(log, "*", SearchOption.AllDirectories)
            .Where(f => Path.GetFileName(f) != "policy" && new FileInfo(f).Length > 0).ToArray();
        var file = files[random.Next(files.Length)];
        var bytes = File.ReadAllBytes(file);
        bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        File.WriteAllBytes(file, bytes);
    }

    static async Task JudgeAsync(string log, StringBuilder verdicts)
    {
        var policy = LogPolicy.Parse(await File.ReadAllTextAsync(Path.Combine(log, "policy"), Ct));
        Say(verdicts, Path.GetFileName(log), await HoldsAsync(log, policy));
        foreach (var file in Directory.GetFiles(log, "*.tlog-proof").Order(StringComparer.Ordinal))
        {
            var leaf = await File.ReadAllBytesAsync(Path.ChangeExtension(file, ".leaf"), Ct);
            Say(verdicts, $"{Path.GetFileName(log)}/{Path.GetFileName(file)}",
                Strict(file) is { } text && Reads(text) is { } proof && proof.Verify(leaf, policy).Ok);
        }
    }

    static void Say(StringBuilder verdicts, string what, bool holds) =>
        verdicts.Append(what).Append(holds ? " ok\n" : " refused\n");

    static async Task<bool> HoldsAsync(string log, LogPolicy policy)
    {
        if (Strict(Path.Combine(log, "checkpoint")) is not { } note
            || policy.Check(note) is not { IsMet: true, Head: { } head })
            return false;
        return await TileCheck.ProblemAsync(
            head, (tile, _) => new(File.ReadAllBytes(Path.Combine(log, tile.Path))), Ct) is null;
    }

    static TlogProof? Reads(string text)
    {
        try
        {
            return TlogProof.Parse(text);
        }
        catch (LogFormatException)
        {
            return null;
        }
    }

    /// <summary>Null where the file is not UTF-8.</summary>
    static string? Strict(string file)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(file));
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>A log of random entries with witnesses, and two proofs.</summary>
    sealed class RandomLog(string folder, Random random)
    {
        public async Task WriteAsync(CancellationToken ct)
        {
            using var signer = NoteSigner.Generate("log.example/" + random.Next());
            var witnesses = Enumerable.Range(0, random.Next(1, 5))
                .Select(i => CosignatureSigner.Generate($"witness.example/{i}")).ToList();
            // Some beyond one tile, and some beyond one level.
            var size = random.Next(10) switch { 0 => random.Next(250, 800), 1 => 0, _ => random.Next(1, 60) };
            byte[][] entries = [.. Enumerable.Range(0, size).Select(_ => Entry())];
            var tree = StoredTree.Of(entries.Select(e => MerkleTree.LeafHash(e)));
            await WriteTilesAsync(tree, entries, ct);
            var text = new Checkpoint(signer.Name, size, tree.Appender.Root(), []).ToText();
            var note = SignedNote.Sign(text, signer)
                + string.Concat(witnesses.Where(_ => random.Next(3) > 0)
                    .Select(w => w.Cosign(text, DateTimeOffset.UnixEpoch.AddSeconds(random.Next()))));
            Write("checkpoint", note);
            Write("policy", Policy(signer, witnesses));
            for (var i = 0; i < Math.Min(size, 2); i++)
            {
                var index = random.Next(size);
                var proof = await TreeProofs.InclusionAsync(tree, index, size, ct);
                var extra = random.Next(2) == 0 ? (ReadOnlyMemory<byte>?)null : Entry();
                Write($"p{i}.tlog-proof", new TlogProof(index, proof, note, extra).ToText());
                await File.WriteAllBytesAsync(Path.Combine(folder, $"p{i}.leaf"), entries[index], ct);
            }

            witnesses.ForEach(w => w.Dispose());
        }

        string Policy(NoteSigner signer, List<CosignatureSigner> witnesses)
        {
            var names = string.Join(' ', witnesses.Select((_, i) => $"w{i}"));
            var quorum = random.Next(4) == 0 ? "none" : "g";
            return $"# of a test\nlog {signer.Verifier.VKey}\n\n"
                + string.Concat(witnesses.Select((w, i) => $"witness w{i} {w.Verifier.VKey}\n"))
                + $"group g {random.Next(1, witnesses.Count + 1)} {names}\nquorum {quorum}\n";
        }

        async Task WriteTilesAsync(StoredTree tree, byte[][] entries, CancellationToken ct)
        {
            foreach (var tile in TileLayout.Between(0, entries.Length))
            {
                var path = Path.Combine(folder, tile.Path);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                var first = (int)tile.Index * TileAddress.WidthMax;
                await File.WriteAllBytesAsync(
                    path,
                    tile.Level == TileAddress.Entries
                        ? EntryBundle.Write(entries[first..(first + tile.Width)])
                        : HashTile.Write(await tree.ReadAsync([.. HashTile.Positions(tile)], ct)),
                    ct);
            }
        }

        byte[] Entry()
        {
            var entry = new byte[random.Next(0, 80)];
            random.NextBytes(entry);
            return entry;
        }

        void Write(string name, string text) => File.WriteAllText(Path.Combine(folder, name), text);
    }
}
