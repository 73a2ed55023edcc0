using System.Globalization;
using IsaExchange.Cli.Rendering;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>Two releases beside each other: first what they rest on, then their cells.</summary>
static class DiffAnswers
{
    public static Card Card(ComparedRelease side) => new Card()
        .Add("name", "release", Names.Cell(side.Release.Name))
        .Add("period", "period", WirePeriods.Cell(side.Release.Period))
        .Add("published", "published", SubmissionAnswers.Time(side.Release.PublishTime))
        .Add("regime", "regime", side.Regime)
        .Add("complete", "complete", side.Release.Complete)
        .Add("missing", "missing", side.Release.Coverage
            .Where(c => c.Status is CoverageEntry.Types.Status.Missing).Select(c => $"{c.Party}/{c.Area}"))
        .Add("affected_by", "affected by", side.Release.AffectedBy.Select(a => Names.Last(a.Submission)))
        .Add("note", "note", side.Release.Note)
        .Add("caveats", "caveats", side.Caveats);

    public static Listing Coverage(CompareReleasesResponse found)
    {
        var listing = new Listing(
            new("party", "authority"), new("area", "area"), new("first", "in the first"), new("other", "in the other"));
        foreach (var c in found.CoverageDifferences)
            listing.Add(c.Party, c.Area, Words(c.Status), Words(c.OtherStatus));
        return listing;
    }

    public static Listing Inputs(CompareReleasesResponse found)
    {
        var listing = new Listing(
            new("party", "authority"), new("submission", "submission"), new("only_in", "only in"),
            new("name", "name", Detail: true));
        foreach (var i in found.InputDifferences)
        {
            listing.Add(Names.Id(i.Submission, "parties"), Names.Last(i.Submission), i.Added ? "other" : "first",
                i.Submission);
        }
        return listing;
    }

    public static Listing Tables(CompareReleasesResponse found)
    {
        var listing = new Listing(
            new("table", "table"), new("compared", "compared"), new("cells", "cells in both", Number: true),
            new("differences", "differ", Number: true), new("only_first", "only in the first", Number: true),
            new("only_other", "only in the other", Number: true));
        foreach (var t in found.Tables)
            listing.Add(t.Table, t.Comparable, t.CellCount, t.DifferenceCount, t.OnlyFirstCount, t.OnlyOtherCount);
        return listing;
    }

    /// <summary>Every line says how far its difference can be relied on, and whether it compares like with like.
    /// </summary>
    public static Listing Cells(IEnumerable<CellDifference> differences)
    {
        var listing = new Listing(
            new("table", "table"), new("codes", "cell"), new("first", "first", Number: true),
            new("first_status", "status"), new("other", "other", Number: true), new("other_status", "status"),
            new("difference", "difference", Number: true), new("difference_lo", "from", Number: true),
            new("difference_hi", "to", Number: true), new("beware", "beware"));
        foreach (var d in differences)
        {
            listing.Add(d.Table, string.Join(' ', d.Codes), TableCommand.Shown(d.First), d.First.Status,
                TableCommand.Shown(d.Other), d.Other.Status, Signed(d.HasDifference, d.Difference),
                Signed(d.HasDifferenceLo, d.DifferenceLo), Signed(d.HasDifferenceHi, d.DifferenceHi),
                d.CoverageDiffers ? "COVERAGE DIFFERS" : "");
        }
        return listing;
    }

    static TwoForms? Signed(bool isSaid, long number) => isSaid
        ? new TwoForms(
            number.ToString("+0;-0;0", CultureInfo.InvariantCulture), number.ToString(CultureInfo.InvariantCulture))
        : null;

    static string Words(CoverageEntry.Types.Status status) =>
        status is CoverageEntry.Types.Status.Unspecified ? "not owed" : ReleaseAnswers.Words(status);
}
