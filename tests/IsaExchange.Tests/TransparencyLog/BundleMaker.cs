using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using IsaExchange.TransparencyLog;

namespace IsaExchange.Tests.TransparencyLog;

/// <summary>Writes audit bundles as the exchange would, honest or not.</summary>
sealed class BundleMaker
{
    public NoteSigner Log { get; } = NoteSigner.Generate("exchange.example/log");

    /// <summary>Entry <paramref name="index"/>; <paramref name="actor"/> makes another event of the same id.</summary>
    public static AuditBundleEntry Entry(long index, bool isShown, string actor = "actor")
    {
        var id = $"event-{index}";
        var logged = new JsonObject { ["id"] = id, ["actor"] = $"{actor} {index}", ["rows"] = index };
        var json = CanonicalJson.Write(logged);
        var salt = SHA256.HashData(Encoding.UTF8.GetBytes($"salt {index}"));
        var leaf = AuditLeaf.Encode(id, AuditLeaf.Commit(salt, json));
        return isShown
            ? new(index, leaf, Encoding.UTF8.GetString(json), salt)
            : new(index, leaf, EventJson: null, Salt: null);
    }

    public static List<AuditBundleEntry> Entries(params bool[] shown) => [.. shown.Select((s, i) => Entry(i, s))];

    public static Checkpoint CheckpointOf(IReadOnlyList<AuditBundleEntry> entries) => new(
        "exchange.example/log", entries.Count,
        TreeProofs.RootOfLeaves(entries.Select(e => MerkleTree.LeafHash(e.Leaf))), []);

    public string Sign(Checkpoint checkpoint) => SignedNote.Sign(checkpoint.ToText(), Log);

    public string Sign(IReadOnlyList<AuditBundleEntry> entries) => Sign(CheckpointOf(entries));

    public static string[] Lines(IEnumerable<AuditBundleEntry> entries) => [.. entries.Select(AuditBundle.WriteLine)];

    public AuditBundleVerdict Verify(string note, IEnumerable<string> lines, Checkpoint? remembered = null)
    {
        using var reader = new StringReader(string.Concat(lines.Select(line => line + "\n")));
        return AuditBundle.Verify(note, reader, Log.Verifier, remembered);
    }
}
