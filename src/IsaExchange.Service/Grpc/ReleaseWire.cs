using IsaExchange.DisclosureControl;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Releasing;
using IsaExchange.V1;

namespace IsaExchange.Service.Grpc;

/// <summary>Published cells and comparisons of releases, as the wire has them.</summary>
static class ReleaseWire
{
    public static ReadTableResponse Write(TablePage page)
    {
        var response = new ReadTableResponse
        {
            Release = page.Release.Name,
            Dimensions = { page.View.Dimensions },
            RowCount = page.RowCount,
        };
        response.Columns.Add(page.View.Columns.Select(c => new PivotColumn { Code = c.Code, Title = c.Title }));
        response.Rows.Add(page.View.Rows.Select(Write));
        return response;
    }

    static ReleaseTableRow Write(TableViewRow row)
    {
        var message = new ReleaseTableRow { Codes = { row.Codes }, Titles = { row.Titles } };
        message.Cells.Add(row.Cells.Select(cell => cell is { } said ? Write(said) : new CellStatement()));
        return message;
    }

    static CellStatement Write(PublishedCell cell)
    {
        var message = new CellStatement { Status = Word(cell.Status), Lo = cell.Lo };
        if (cell.Value is { } value)
            message.Value = value;
        if (cell.Hi is { } hi)
            message.Hi = hi;
        return message;
    }

    static string Word(CellStatus status) => status switch
    {
        CellStatus.Shown => "shown",
        CellStatus.Rounded => "rounded",
        CellStatus.Few => "few",
        CellStatus.Held => "held",
        CellStatus.Missing => "missing",
        _ => throw new InvalidOperationException("A cell status that the wire does not have."),
    };

    /// <summary>What stands on the first page only.</summary>
    public static CompareReleasesResponse Write(ReleaseComparison comparison)
    {
        var response = new CompareReleasesResponse
        {
            SamePeriod = comparison.IsSamePeriod,
            First = Write(comparison.First),
            Other = Write(comparison.Other),
        };
        response.CoverageDifferences.Add(comparison.Coverage.Select(c => new V1.CoverageDifference
        {
            Party = c.Party, Area = c.Area, Status = Write(c.First), OtherStatus = Write(c.Other),
        }));
        response.InputDifferences.Add(comparison.Inputs.Select(
            i => new InputDifference { Submission = i.Submission, Added = i.IsAdded }));
        response.Tables.Add(comparison.Tables.Select(t => new V1.TableComparison
        {
            Table = t.Table,
            Comparable = t.IsComparable,
            Dimensions = { t.Dimensions },
            CellCount = t.InBoth,
            DifferenceCount = t.Differences.Count,
            OnlyFirstCount = t.OnlyFirst,
            OnlyOtherCount = t.OnlyOther,
        }));
        return response;
    }

    static V1.ComparedRelease Write(Exchange.ComparedRelease side) => new()
    {
        Release = FeedEndpoint.Write(side.View, withQueries: true), Regime = side.Regime, Caveats = { side.Caveats },
    };

    static CoverageEntry.Types.Status Write(CoverageStatus? status) =>
        status is { } known ? (CoverageEntry.Types.Status)known : CoverageEntry.Types.Status.Unspecified;

    public static V1.CellDifference Write(Exchange.Releasing.CellDifference difference, bool coverageDiffers)
    {
        var message = new V1.CellDifference
        {
            Table = difference.Table,
            Codes = { difference.Codes },
            First = Write(difference.First),
            Other = Write(difference.Other),
            CoverageDiffers = coverageDiffers,
        };
        if (difference.Value is { } value)
            message.Difference = value;
        if (difference.Lo is { } lo)
            message.DifferenceLo = lo;
        if (difference.Hi is { } hi)
            message.DifferenceHi = hi;
        return message;
    }
}
