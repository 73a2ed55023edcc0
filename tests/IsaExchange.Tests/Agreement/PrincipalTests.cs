using IsaExchange.Agreement;
using Xunit;

namespace IsaExchange.Tests.Agreement;

public sealed class PrincipalTests
{
    [Fact]
    public void Sender_HasPartyAndName()
    {
        Assert.True(Principal.TryParse("urn:isaexchange:party:northmere-police:sender:records-system", out var p));
        Assert.Equal(PrincipalKind.Sender, p.Kind);
        Assert.Equal(("northmere-police", "records-system", null), (p.Party, p.SenderName, p.Person));
        Assert.Equal(Principal.Sender("northmere-police", "records-system"), p);
    }

    [Fact]
    public void Person_HasNoPartyOfItsOwn()
    {
        Assert.True(Principal.TryParse("urn:isaexchange:person:amara-okafor", out var p));
        Assert.Equal((PrincipalKind.Person, null, "amara-okafor"), (p.Kind, p.Party, p.Person));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("amara-okafor")]
    [InlineData("urn:isaexchange:person:")]
    [InlineData("urn:isaexchange:person:Amara-Okafor")]
    [InlineData("urn:isaexchange:person:amara--okafor")]
    [InlineData("urn:isaexchange:person:-amara")]
    [InlineData("urn:isaexchange:person:amara-")]
    [InlineData("urn:isaexchange:person:amara-okafor:extra")]
    [InlineData("urn:isaexchange:party:northmere-police")]
    [InlineData("urn:isaexchange:party:northmere-police:feed:records-system")]
    [InlineData("urn:isaexchange:party::sender:records-system")]
    [InlineData("URN:isaexchange:person:amara-okafor")]
    [InlineData(" urn:isaexchange:person:amara-okafor")]
    [InlineData("urn:isaexchange:person:amara-okafor\n")]
    public void AnythingElse_IsNobody(string? subject)
    {
        Assert.False(Principal.TryParse(subject, out var p));
        Assert.Equal(PrincipalKind.Unknown, p.Kind);
        Assert.IsType<Refusal>(Northmere.Agreement.Decide(new(p, Verb.ReadAgreement, Northmere.Noon("2026-10-05"))));
    }

    [Fact]
    public void VerbNames_GoBothWays()
    {
        foreach (var verb in Enum.GetValues<Verb>())
        {
            Assert.True(VerbNames.TryParse(VerbNames.Name(verb), out var same));
            Assert.Equal(verb, same);
        }

        Assert.Equal("create-submission", VerbNames.Name(Verb.CreateSubmission));
        Assert.Equal(46, VerbNames.All.Count);
        Assert.False(VerbNames.TryParse("CreateSubmission", out _));
        Assert.False(VerbNames.TryParse(null, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => VerbNames.Name((Verb)99));
    }
}
