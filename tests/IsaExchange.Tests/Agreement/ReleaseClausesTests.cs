using IsaExchange.Agreement;
using Xunit;

namespace IsaExchange.Tests.Agreement;

/// <summary>How many approve a release, and when it can be read: words of a feed.</summary>
public sealed class ReleaseClausesTests
{
    const string Id = "  - id: admissions-by-csp\n";
    const string Steward = "    - { party: northmere-county-council, person: tom-ellery }\n";

    [Fact]
    public void WithoutTheWords_ItIsPublishedAtOnce()
    {
        var feed = Feed(Northmere.Agreement);
        Assert.Equal((0, 0), (feed.Approvals, feed.EmbargoDays));
    }

    [Fact]
    public void Zero_IsWhatIsMeantWithoutTheWord()
    {
        var same = Northmere.Loaded(Northmere.With(Id, Id + "    approvals: 0\n    embargo_days: 0\n"));
        Assert.Equal(Northmere.Agreement.Revision, same.Revision);
    }

    [Theory]
    [InlineData("    embargo_days: 14\n", 0, 14)]
    [InlineData("    approvals: 1\n", 1, 0)]
    [InlineData("    approvals: 2\n    embargo_days: 3\n", 2, 3)]
    public void TheWords_AreAnotherRevision(string words, int approvals, int days)
    {
        var other = Northmere.Loaded(Northmere.With(Id, Id + words).Replace(
            Steward,
            Steward + "    - { party: northmere-police, person: ben-hartley }\n"
            + "    - { party: northmere-fire, person: jo-trevithick }\n",
            StringComparison.Ordinal));
        Assert.Equal((approvals, days), (Feed(other).Approvals, Feed(other).EmbargoDays));
        Assert.NotEqual(Northmere.Agreement.Revision, other.Revision);
    }

    [Theory]
    [InlineData(1, "northmere-police, person: ben-hartley", true)]
    [InlineData(1, "northmere-county-council, person: priya-raman", true)]
    [InlineData(1, "northmere-police, person: tom-ellery", false)]
    [InlineData(2, "northmere-police, person: ben-hartley", false)]
    public void SoManyMustBeThere_BesidesWhoeverProposes(int approvals, string steward, bool isEnough)
    {
        var text = Northmere.With(Id, $"{Id}    approvals: {approvals}\n")
            .Replace(Steward, $"{Steward}    - {{ party: {steward} }}\n", StringComparison.Ordinal);
        var result = AgreementLoader.Parse(text, "agreement.yaml");
        Assert.Equal(isEnough, result.Agreement is not null);
        Assert.Equal(isEnough ? 0 : 1, result.Faults.Count(
            f => f.Clause == "feeds[admissions-by-csp]"
                && f.Message == "it asks for more approvals than the stewards can give"));
    }

    static FeedClause Feed(SharingAgreement agreement) => agreement.Feeds.Single(f => f.Id == "admissions-by-csp");
}
