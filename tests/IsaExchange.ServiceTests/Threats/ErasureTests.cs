using IsaExchange.ServiceTests.Harness;
using IsaExchange.TransparencyLog;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Threats;

/// <summary>An authority takes the proof home that what it had sent is gone, and checks it without the
/// exchange.</summary>
[Collection(ThreatsTogether.Name)]
public sealed class ErasureTests(ThreatsExchange northmere)
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    static string Name => $"{Northmere.Police}/erasures/{ThreatsExchange.Erasure}";

    [Fact]
    public async Task OwnErasure_IsListedAndReadWithItsProof()
    {
        var audit = northmere.Audit(Northmere.PoliceOfficer);
        var before = northmere.Catalogue.Events("read.erasures");
        var listed = await audit.ListErasuresAsync(
            new ListErasuresRequest { Parent = Northmere.Police }, cancellationToken: Stop);
        var got = await audit.GetErasureAsync(new GetErasureRequest { Name = Name }, cancellationToken: Stop);
        Assert.Equal(before + 2, northmere.Catalogue.Events("read.erasures"));

        // The proof goes up to the newest head, which moves.
        var one = Assert.Single(listed.Erasures);
        Assert.Equal((got.Name, got.Certificate, got.OrderTime), (one.Name, one.Certificate, one.OrderTime));
        Assert.Equal(Name, got.Name);
        Assert.Equal(["one", "two"], got.KeyIds);
        Assert.Equal(2021, got.EffectiveTime.ToDateTime().Year);
        Assert.Contains(
            $"\nparty {Northmere.Police}\n", SignedNote.Open(got.Certificate, [northmere.LogKey]).Text,
            StringComparison.Ordinal);
        Assert.Equal(northmere.Target.Receipt.LeafIndex, TlogProof.Parse(got.InclusionProof).Index);
    }

    [Theory]
    [InlineData("erasures/until-2019")]
    [InlineData("erasures/police.until-2020")]
    [InlineData("erasures/-")]
    public async Task ErasureThatIsNot_IsNotFound(string what) => await Problem.IsAsync(
        "NotFound NOT_FOUND",
        () => northmere.Audit(Northmere.PoliceOfficer).GetErasureAsync(
            new GetErasureRequest { Name = $"{Northmere.Police}/{what}" }, cancellationToken: Stop).ResponseAsync);

    [Fact]
    public async Task Verbs_ListKeepAndCheckOffline()
    {
        var listed = await northmere.Exchange.IsaxAsync(Northmere.PoliceOfficer, "erasures", "list", "-o", "csv");
        Assert.True(listed.ExitCode == 0, $"{listed}");
        Assert.Contains(ThreatsExchange.Erasure, listed.Output, StringComparison.Ordinal);
        var file = Path.Combine(northmere.Exchange.Root, "erased.txt");
        var got = await northmere.Exchange.IsaxAsync(
            Northmere.PoliceOfficer, "erasures", "get", ThreatsExchange.Erasure, "--out", file);
        Assert.True(got.ExitCode == 0, $"{got}");

        var vkey = Path.Combine(northmere.Exchange.Credential(Northmere.PoliceOfficer), "log.vkey");
        Assert.Equal(0, (await VerifyAsync(file, vkey)).ExitCode);
        var proof = await File.ReadAllTextAsync(file + ".tlog-proof", Stop);
        var index = northmere.Target.Receipt.LeafIndex;
        await File.WriteAllTextAsync(
            file + ".tlog-proof", proof.Replace($"index {index}\n", $"index {index - 1}\n", StringComparison.Ordinal),
            Stop);
        Assert.Equal(8, (await VerifyAsync(file, vkey)).ExitCode);
        File.Delete(file + ".tlog-proof");
        Assert.Equal(0, (await VerifyAsync(file, vkey)).ExitCode);
        var certificate = await File.ReadAllTextAsync(file, Stop);
        await File.WriteAllTextAsync(file, certificate.Replace("2020", "2030", StringComparison.Ordinal), Stop);
        Assert.Equal(8, (await VerifyAsync(file, vkey)).ExitCode);

        // Signed with the same key, and no certificate.
        await File.WriteAllTextAsync(file, northmere.Target.Receipt.SignedNote, Stop);
        Assert.Equal(8, (await VerifyAsync(file, vkey)).ExitCode);
    }

    static Task<Ran> VerifyAsync(string file, string vkey) =>
        Programs.RunIsaxAsync("erasures", "verify", file, "--vkey", vkey);
}
