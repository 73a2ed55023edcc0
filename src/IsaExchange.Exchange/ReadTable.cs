using IsaExchange.Agreement;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Releasing;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;

namespace IsaExchange.Exchange;

/// <summary>What is wanted of a table.</summary>
/// <param name="Filter">Empty: all cells.</param>
/// <param name="Pivot">Dimension that lies in the columns; empty: none.</param>
public sealed record TableQuery(string Table, string Filter, string Pivot, string Purpose)
{
    public bool EvenIfRetracted { get; init; }
}

/// <summary>A page of a table; exists only when the event of this read is durable.</summary>
/// <param name="View">With the rows of the page.</param>
/// <param name="RowCount">On all pages.</param>
public sealed record TablePage(ReleaseRow Release, TableView View, int RowCount);

/// <summary>
/// Reads published cells of one table of a release: those that a filter chooses, page by page. It answers with what
/// stands in the file and adds nothing up, so that no question can be asked that was not published.
/// </summary>
public sealed class ReadTable(
    AgreementGate gate, ReadRelease releases, Freezes freezes, IObjectStore store, IKeyRing keys, Limits limits)
{
    readonly ReleaseTables _tables = new(store, keys);

    /// <param name="page">Which rows, for the release that was found: "latest" may be another one by the next page.
    /// </param>
    public async Task<TablePage> RunAsync(
        Caller caller, ReleaseName name, TableQuery query, Func<ReleaseRow, (int Skip, int Take)> page,
        CancellationToken ct)
    {
        using var step = Telemetry.Step("release.table");
        var ask = gate.Request(caller, Verb.ReadRelease) with
        {
            Feed = name.Feed, Purpose = query.Purpose.Length == 0 ? null : query.Purpose,
        };
        var permit = await gate.AskAsync(caller, name.Agreement, ask, AuditActions.ReadTable, name.ToString(), ct);
        var row = await releases.RowAsync(name, ct);
        var (skip, take) = page(row);
        var file = ReadRelease.View(row).Files.FirstOrDefault(f => ReleaseTables.NameOf(f) == query.Table)
            ?? throw ExchangeException.NotFound($"{row.Name}: this table");
        var table = await _tables.OpenAsync(row, file, ct)
            ?? throw ExchangeException.NotFound($"{row.Name}: this table");
        var view = TableView.Of(
            table, TableFilter.Parse(query.Filter, table), query.Pivot, limits.PivotColumnsMax);
        List<TableViewRow> rows = [.. view.Rows.Skip(skip).Take(take)];
        var read = AuditEvent.Of(AuditActions.ReadTable, $"{row.Name}/files/{file.Name}", caller, permit) with
        {
            Purpose = query.Purpose,
            ObjectSha256 = file.Sha256,
            Rows = rows.Sum(r => (long)r.Cells.Count(cell => cell is not null)),
            Subjects = await releases.SubjectsAsync(row, ct),
        };
        await freezes.RecordAsync(
            ReadFrom.Release(row) with { EvenIfRetracted = query.EvenIfRetracted }, [read], ct);
        return new TablePage(row, view with { Rows = rows }, view.Rows.Count);
    }
}
