using IsaExchange.Agreement;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Releasing;
using IsaExchange.Exchange.Storage.Catalogue;
using Xunit;

namespace IsaExchange.Tests.Exchange.Releasing;

/// <summary>From when on a release can be read: days begin in London, and the later of two days counts.</summary>
public sealed class EmbargoTests
{
    static readonly FeedClause Feed = new("crime", "Crime", "crime", [], [], "open", [], [], "OFFICIAL");

    [Theory]
    [InlineData(0, "2026-07-01T15:00:00Z", "2026-07-01T15:00:00Z")]
    [InlineData(1, "2026-07-01T15:00:00Z", "2026-07-01T23:00:00Z")]
    [InlineData(3, "2026-01-10T00:30:00Z", "2026-01-13T00:00:00Z")]
    // Half past eleven at night in summer is the next day in London; and the clocks go back in between.
    [InlineData(1, "2026-06-30T23:30:00Z", "2026-07-01T23:00:00Z")]
    [InlineData(2, "2026-10-24T12:00:00Z", "2026-10-26T00:00:00Z")]
    public void DaysOfTheAgreement_BeginInLondon(int days, string published, string readable)
    {
        var from = Embargo.ReadableFrom(Feed with { EmbargoDays = days }, Time(published), null);
        Assert.Equal(Time(readable), from);
    }

    [Theory]
    [InlineData("2026-07-02", "2026-07-03T23:00:00Z")]
    [InlineData("2026-07-04", "2026-07-03T23:00:00Z")]
    [InlineData("2026-07-05", "2026-07-04T23:00:00Z")]
    public void OfTwoDays_TheLaterCounts(string until, string readable)
    {
        var from = Embargo.ReadableFrom(
            Feed with { EmbargoDays = 3 }, Time("2026-07-01T15:00:00Z"), DateOnly.Parse(until, null));
        Assert.Equal(Time(readable), from);
    }

    [Fact]
    public void ItHoldsUntilItsTime_AndNoLonger()
    {
        var until = Time("2026-07-03T23:00:00Z");
        var row = Row(until);
        Assert.True(Embargo.Holds(row, until.AddTicks(-1)));
        Assert.False(Embargo.Holds(row, until));
        var refusal = Embargo.Refusal(row);
        Assert.Equal(("EMBARGOED", "2026-07-03T23:00:00Z"), (refusal.Reason, refusal.Details["until"]));
    }

    [Theory]
    [InlineData("2026-06-30")]
    [InlineData("2026-07-01")]
    [InlineData("2027-07-03")]
    public void ADayThatIsOverOrFarAhead_IsRefused(string until) =>
        Assert.Equal("EMBARGO_INVALID", Assert.Throws<ExchangeException>(
            () => Embargo.Check(DateOnly.Parse(until, null), Time("2026-07-01T15:00:00Z"))).Reason);

    [Fact]
    public void TheNote_NamesWhatWasSignedAndWhoseEvents()
    {
        var row = Row(Time("2026-07-03T23:00:00Z"));
        Assert.Equal(
            "isaexchange.example/release/v1\nrelease agreements/a/feeds/f/releases/7\nmanifest sha256 00\n"
            + "readable from 2026-07-03T23:00:00Z\nproposed e1\napproved e2\napproved e3\n",
            ReleaseCommit.NoteText(row, "00", "e1", ["e2", "e3"]));
    }

    static ReleaseRow Row(DateTimeOffset readable) => new()
    {
        Agreement = "a", Feed = "f", Number = 7, Build = "b", AgreementRevision = "r", Dataset = "d",
        SecretsSha256 = "", PeriodStart = "2026-04-01",
        PeriodEnd = "2026-07-01", PublishTicks = 1, ReadableTicks = readable.UtcTicks, Note = "", ManifestNote = "",
        FilesJson = "[]", CoverageJson = "[]", Complete = true, Event = "e",
    };

    static DateTimeOffset Time(string iso) => DateTimeOffset.Parse(iso, null);
}
