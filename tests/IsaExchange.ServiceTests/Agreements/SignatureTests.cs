using Google.Protobuf;
using IsaExchange.ServiceTests.Harness;
using Xunit;

namespace IsaExchange.ServiceTests.Agreements;

/// <summary>Signatures that do not hold, each refused for its own reason; and acts in the wrong order.</summary>
public sealed class SignatureTests(DraftExchange northmere) : IClassFixture<DraftExchange>
{
    const string Police = "northmere-police";
    const string West = "northmere-west-health";

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SignatureThatDoesNotHold_IsRefused()
    {
        var draft = await northmere.GetAsync();
        var police = Signer.Of(northmere.Exchange, draft, Police);
        var otherKey = police with { KeyOf = Northmere.WestOfficer };
        await Problem.IsAsync("FailedPrecondition WRONG_KEY", () => otherKey.SignAsync(Stop));
        var otherOffice = police with { Office = "Superintendent" };
        await Problem.IsAsync("FailedPrecondition NOT_SIGNATORY", () => otherOffice.SignAsync(Stop));
        var otherText = police with { Digits = new string('0', 64) };
        await Problem.IsAsync("FailedPrecondition WRONG_REVISION", () => otherText.SignAsync(Stop));
        var altered = police.Request();
        altered.Statement = altered.Statement.Replace("signed 2", "signed  2", StringComparison.Ordinal);
        await Problem.IsAsync("InvalidArgument STATEMENT_ALTERED", () => police.SendAsync(altered, Stop));
        var flipped = police.Request();
        var bytes = flipped.Signature.ToByteArray();
        bytes[^1] ^= 1;
        flipped.Signature = ByteString.CopyFrom(bytes);
        await Problem.IsAsync("FailedPrecondition SIGNATURE_INVALID", () => police.SendAsync(flipped, Stop));
        var mixed = police.Request();
        mixed.Certificate = (police with { KeyOf = Northmere.WestOfficer }).Request().Certificate;
        await Problem.IsAsync("FailedPrecondition WRONG_KEY", () => police.SendAsync(mixed, Stop));
        using var forged = new ForgedCredential { Subjects = ["urn:isaexchange:person:iris-calder"] }
            .IssueByStranger(northmere.Exchange);
        var strange = police.Request();
        strange.Certificate = forged.ExportCertificatePem();
        await Problem.IsAsync("FailedPrecondition CERTIFICATE_NOT_TRUSTED", () => police.SendAsync(strange, Stop));
        Assert.DoesNotContain((await northmere.GetAsync()).Signatures, s => s.Party == Police);
    }

    [Fact]
    public async Task SignatureForAnotherParty_DoesNotExist()
    {
        var draft = await northmere.GetAsync();
        var police = Signer.Of(northmere.Exchange, draft, Police);
        var hidden = await Problem.OfAsync(async () => await northmere.As(Northmere.WestOfficer)
            .SignRevisionAsync(police.Request(), cancellationToken: Stop));
        Assert.Equal("NotFound NOT_FOUND", hidden.ToString());
        var analyst = await Problem.OfAsync(async () => await northmere.As(Northmere.PoliceAnalyst)
            .SignRevisionAsync(police.Request(), cancellationToken: Stop));
        Assert.Equal("PermissionDenied NOT_DESIGNATED_OFFICER", analyst.ToString());
    }

    [Fact]
    public async Task SecondSignatureOfAParty_IsRefusedAndARepeatIsNot()
    {
        var draft = await northmere.GetAsync();
        var west = Signer.Of(northmere.Exchange, draft, West);
        var request = west.Request();
        request.RequestId = Guid.NewGuid().ToString();
        await west.SendAsync(request, Stop);
        var again = await west.SendAsync(request, Stop);
        Assert.Single(again.Signatures, s => s.Party == West);
        await Task.Delay(1100, Stop);
        await Problem.IsAsync("FailedPrecondition ALREADY_SIGNED", () => west.SignAsync(Stop));
    }

    [Fact]
    public async Task DraftThatIsNotOpen_TakesNoSignature()
    {
        var proposed = await northmere.ProposeAsync(DraftExchange.Yaml.Replace(
            "periods: 36", "periods: 18", StringComparison.Ordinal));
        var draft = await northmere.GetAsync(proposed.Revision.Name);
        await Problem.IsAsync(
            "FailedPrecondition WRONG_STAGE", () => Signer.Of(northmere.Exchange, draft, Police).SignAsync(Stop));
        await Problem.IsAsync("FailedPrecondition QUORUM_NOT_MET", () => northmere.ActivateAsync(draft));
    }

    [Fact]
    public async Task FaultyProposal_IsToldWhole()
    {
        var said = await northmere.ProposeAsync(
            DraftExchange.Yaml.Replace("quorum: 8", "quorum: 80", StringComparison.Ordinal));
        Assert.Null(said.Revision);
        Assert.All(said.Faults, f => Assert.True(f.Line > 0 && f.Remedy.Length > 0));
        Assert.NotEmpty(said.Faults);
        await Problem.IsAsync("PermissionDenied ROLE_NOT_PERMITTED",
            () => northmere.ProposeAsync(DraftExchange.Yaml, Northmere.PoliceOfficer));
    }

    [Fact]
    public async Task SameMeaningInOtherWords_IsNoNewRevision()
    {
        var same = await northmere.ProposeAsync(DraftExchange.Yaml);
        Assert.Equal((await northmere.GetAsync()).Revision[..8], same.Revision.Revision[..8]);
        await Problem.IsAsync(
            "FailedPrecondition REVISION_EXISTS", () => northmere.ProposeAsync(DraftExchange.Yaml + "\n# a remark\n"));
    }

    [Fact]
    public async Task OfflineSignature_IsMadeAndSentByIsax()
    {
        var folder = Directory.CreateTempSubdirectory("isax-sign-");
        try
        {
            var yaml = Path.Combine(NorthmerePolicies.Folder, "northmere", "agreement.yaml");
            var file = Path.Combine(folder.FullName, "marsh.sig");
            var silent = await northmere.Exchange.IsaxAsync("edwin-marsh", "agreement", "sign");
            Assert.Equal("NOT SIGNED", silent.LastLine);
            var made = await northmere.Exchange.IsaxAsync(
                "edwin-marsh", "agreement", "sign", "--file", yaml, "--out", file, "--yes");
            Assert.True(made.ExitCode == 0, made.ToString());
            var sent = await northmere.Exchange.IsaxAsync("edwin-marsh", "agreement", "sign", "--send", file);
            Assert.True(sent.ExitCode == 0, sent.ToString());
            Assert.StartsWith("SIGNED for northmere-county-council", sent.LastLine, StringComparison.Ordinal);
            var listed = await northmere.Exchange.IsaxAsync("edwin-marsh", "agreement", "status");
            Assert.Contains("Edwin Marsh", listed.Output, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
