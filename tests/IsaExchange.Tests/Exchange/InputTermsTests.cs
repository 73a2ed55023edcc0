using IsaExchange.Exchange.Releasing;
using IsaExchange.Tests.Agreement;
using Xunit;

namespace IsaExchange.Tests.Exchange;

/// <summary>A later revision opens what was sent under an earlier one no wider.</summary>
public sealed class InputTermsTests
{
    const string Feed = "admissions-by-csp";
    const string Head = "  - id: admissions-by-csp";
    const string Readers = "      - northmere-east-health\n    marking";

    /// <summary>The sample with its feed marked as its dataset is, so that any regime may stand there.</summary>
    static readonly string Yaml = Northmere.With(Readers + ": OFFICIAL\n", Readers + ": OFFICIAL-SENSITIVE\n");

    static readonly string[] Sent = ["X22000001", "X22000002"];

    /// <summary>Why what was sent under the first is not used for the feed of the later.</summary>
    static string? Problem(string first, string later) => InputTerms.Problem(
        Sent, Northmere.Loaded(first), Northmere.Loaded(later).Feeds.Single(f => f.Id == Feed));

    [Fact]
    public void SameFeed_IsUsed() => Assert.Null(Problem(Northmere.Yaml, Northmere.Yaml));

    [Theory]
    [InlineData("regime: nhs-2018", "regime: open", "regime")]
    [InlineData("      - { name: area-by-block, dimensions: [area, block] }",
        "      - { name: area-by-block, dimensions: [area, block] }\n"
            + "      - { name: by-month, dimensions: [area, block, month] }", "by-month")]
    [InlineData(Readers, "      - northmere-east-health\n      - northmere-fire\n    marking", "northmere-fire")]
    public void WiderFeed_IsNotForWhatWasSentBefore(string passage, string instead, string why)
    {
        var later = Yaml.Replace(passage, instead, StringComparison.Ordinal);
        Assert.Contains(why, Problem(Yaml, later), StringComparison.Ordinal);

        // The same change the other way round opens nothing.
        Assert.Null(Problem(later, Yaml));
    }

    [Fact]
    public void FeedThatWasNotThere_IsNotForWhatWasSentBefore() => Assert.EndsWith(
        "no such feed", Problem(Northmere.With(Head, Head + "-before"), Northmere.Yaml), StringComparison.Ordinal);

    [Fact]
    public void AreaThatWasNotInTheFeed_IsNotForWhatWasSentBefore()
    {
        var feed = Northmere.Yaml.IndexOf(Head, StringComparison.Ordinal);
        var first = Northmere.Yaml[..feed] + Northmere.Yaml[feed..]
            .Replace("areas: [X22000001, X22000002,", "areas: [X22000001,", StringComparison.Ordinal)
            .Replace("      - brackenford-council\n", "", StringComparison.Ordinal);
        Assert.Contains("X22000002", Problem(first, Northmere.Yaml), StringComparison.Ordinal);
    }

    [Fact]
    public void ReaderThatJoined_IsForTheRuleOfJoining() => Assert.Null(Problem(
        Northmere.Yaml,
        Northmere.Yaml
            .Replace("parties:\n", "parties:\n  - { id: newcomer, title: New, kind: health, areas: [X22000001] }\n",
                StringComparison.Ordinal)
            .Replace("  signatories:\n",
                "  signatories:\n    - { party: newcomer, person: karen-whitlock, office: Head }\n",
                StringComparison.Ordinal)
            .Replace(
                Readers, "      - northmere-east-health\n      - newcomer\n    marking", StringComparison.Ordinal)));

    [Fact]
    public void RevisionThatDoesNotHold_LetsNothingBeUsed() => Assert.NotNull(
        InputTerms.Problem(Sent, null, Northmere.Agreement.Feeds.Single(f => f.Id == Feed)));
}
