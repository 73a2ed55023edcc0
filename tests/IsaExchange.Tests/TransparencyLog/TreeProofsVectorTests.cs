using System.Security.Cryptography;
using System.Text.Json.Nodes;
using IsaExchange.TransparencyLog;
using Xunit;

namespace IsaExchange.Tests.TransparencyLog;

/// <summary>The probes of transparency-dev/merkle: proofs that hold and every way to spoil one.</summary>
public class TreeProofsVectorTests
{
    [Fact]
    public void InclusionProbes_AreAllJudgedAsExpected() => Judge("inclusion", IsInclusion, accepted: 6);

    [Fact]
    public void ConsistencyProbes_AreAllJudgedAsExpected() => Judge("consistency", IsConsistency, accepted: 6);

    static void Judge(string kind, Func<JsonNode, bool> verify, int accepted)
    {
        var probes = VectorFiles.Probes(kind).ToList();
        Assert.Equal(98, probes.Count);
        Assert.Equal(accepted, probes.Count(p => !p.Probe.Flag("wantErr")));
        Assert.Empty(probes.Where(p => verify(p.Probe) == p.Probe.Flag("wantErr")).Select(p => p.File));
    }

    static bool IsInclusion(JsonNode probe) =>
        probe.Number("leafIdx") is { } index && probe.Number("treeSize") is { } size && Proof(probe) is { } proof
        && LogHash.TryParseBase64(probe.Text("leafHash"), out var leaf)
        && LogHash.TryParseBase64(probe.Text("root"), out var root)
        && TreeProofs.VerifyInclusion(leaf, index, size, root, proof);

    static bool IsConsistency(JsonNode probe) =>
        probe.Number("size1") is { } oldSize && probe.Number("size2") is { } newSize && Proof(probe) is { } proof
        && TreeProofs.VerifyConsistency(oldSize, newSize, Root(probe, "root1"), Root(probe, "root2"), proof);

    // "null" means an empty proof. A hash of another length is where parsing refuses.
    static LogHash[]? Proof(JsonNode probe)
    {
        var texts = probe.Texts("proof").ToArray();
        var hashes = new LogHash[texts.Length];
        return texts.Where((text, i) => !LogHash.TryParseBase64(text, out hashes[i])).Any() ? null : hashes;
    }

    // Some probes have a text for a root, and one of them must pass: its hash stands for it, and the verifier decides.
    static LogHash Root(JsonNode probe, string name)
    {
        var bytes = Convert.FromBase64String(probe.Text(name));
        return LogHash.FromBytes(bytes.Length == LogHash.Size ? bytes : SHA256.HashData(bytes));
    }
}
