using IsaExchange.Agreement;
using IsaExchange.Exchange;
using IsaExchange.Tests.Agreement;
using Xunit;

namespace IsaExchange.Tests.Exchange;

/// <summary>Of the revision in force and the one submitted under, the narrower counts.</summary>
public sealed class ColumnCeilingTests
{
    const string Open = "columns: [area, si_group, offence, event_date]";
    const string Police = "northmere-police";
    const string Council = "northmere-county-council";

    static readonly string[] Columns = ["area", "row_no", "si_group", "offence", "recorded_date", "event_date"];

    static readonly RecordsAsked Asked = new(
        new SubmissionName("northmere", Police, "police-recorded-crime", ""),
        InformationPeriod.Quarter(new DateOnly(2026, 7, 1)), ["X22000001"])
    {
        Purpose = "problem-solving",
    };

    static SharingAgreement Changed(string to) =>
        Northmere.Loaded(Northmere.Yaml.Replace(Open, to, StringComparison.Ordinal));

    static IReadOnlyList<string> Apply(RecordsAsked asked, params SharingAgreement?[] revisions) =>
        ColumnCeiling.Apply(Columns, asked, Council, revisions);

    static string Refused(RecordsAsked asked, params SharingAgreement?[] revisions) =>
        Assert.Throws<ExchangeException>(() => Apply(asked, revisions)).Reason;

    [Fact]
    public void OneRevision_OpensItsColumnsInTheOrderOfTheSpecification() =>
        Assert.Equal(["area", "si_group", "offence", "event_date"], Apply(Asked, Northmere.Agreement));

    [Fact]
    public void TwoRevisions_OpenWhatBothOpen()
    {
        var narrow = Changed("columns: [area, recorded_date, si_group]");
        Assert.Equal(["area", "si_group"], Apply(Asked, Northmere.Agreement, narrow));
        Assert.Equal(["area", "si_group"], Apply(Asked, narrow, Northmere.Agreement));
        Assert.Equal(
            "COLUMN_NOT_PERMITTED", Refused(Asked with { Columns = ["offence"] }, narrow, Northmere.Agreement));
    }

    [Fact]
    public void NothingInCommon_IsClosed() => Assert.Equal(
        "RECORDS_CLOSED", Refused(Asked, Northmere.Agreement, Changed("columns: [recorded_date]")));

    [Fact]
    public void EarlierRevisionOfOtherPurposesOrReaders_Counts()
    {
        var purposes = Northmere.Loaded(Northmere.Yaml.Replace(
            Open + "\n    purposes: [problem-solving]", Open + "\n    purposes: [partnership-plan]",
            StringComparison.Ordinal));
        Assert.Equal("PURPOSE_NOT_PERMITTED", Refused(Asked, Northmere.Agreement, purposes));
        var readers = Northmere.Loaded(Northmere.Yaml.Replace(
            "readers: relevant-authorities", "readers: [northmere-fire]", StringComparison.Ordinal));
        Assert.Equal("RECORDS_CLOSED", Refused(Asked, Northmere.Agreement, readers));
    }

    [Fact]
    public void RevisionThatTheExchangeDoesNotHold_ClosesTheRecords() =>
        Assert.Equal("RECORDS_CLOSED", Refused(Asked, Northmere.Agreement, null));

    [Fact]
    public void ColumnsAsked_AreThoseAndNoOther()
    {
        Assert.Equal(
            ["area", "event_date"], Apply(Asked with { Columns = ["event_date", "area"] }, Northmere.Agreement));
        Assert.Equal("COLUMN_NOT_PERMITTED", Refused(Asked with { Columns = ["recorded_date"] }, Northmere.Agreement));
        var unknown = Assert.Throws<ExchangeException>(
            () => Apply(Asked with { Columns = ["area", "Qzsurname"] }, Northmere.Agreement));
        Assert.Equal("UNKNOWN_COLUMN", unknown.Reason);
        Assert.DoesNotContain("Qzsurname", unknown.Message, StringComparison.Ordinal);
        Assert.Contains("2", unknown.Message, StringComparison.Ordinal);
    }
}
