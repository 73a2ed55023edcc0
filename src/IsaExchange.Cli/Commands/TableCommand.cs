using System.CommandLine;
using System.Globalization;
using IsaExchange.Cli.Rendering;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>isax table: published cells, chosen and laid out by the exchange.</summary>
static class TableCommand
{
    public static Command Create(GlobalOptions globals)
    {
        var release = ReleaseAnswers.Argument();
        var table = new Argument<string>("TABLE")
        {
            Description = "The table: the name of its file without .csv; isax releases FEED -o json lists the files.",
        };
        var where = new Option<string>("--where")
        {
            Description = "Only cells that answer this: comparisons of a dimension's code, of status or of value, with "
                + "= != < <= > >=, joined by AND, OR, NOT and parentheses. OR binds closer than AND.",
            HelpName = "FILTER",
            DefaultValueFactory = _ => "",
        };
        var pivot = new Option<string>("--pivot")
        {
            Description = "Dimension whose codes become the columns. Nothing is added up.",
            HelpName = "DIM",
            DefaultValueFactory = _ => "",
        };
        var (purpose, retracted) = (Inputs.Purpose(), Inputs.Retracted());
        var command = new Command("table", "Show published cells of a release: filtered, and one dimension as columns.")
        {
            release, table, purpose, where, pivot, retracted,
        }.WithExample("isax table recorded-crime-by-csp area-by-group --pivot area --purpose strategic-assessment "
            + "--where 'status != \"few\"'");
        globals.Handle(command, (parse, run) => Run(run, new ReadTableRequest
        {
            Name = Names.Release(run.Exchange.Agreement, parse.GetRequiredValue(release)),
            Table = parse.GetRequiredValue(table),
            Purpose = parse.GetRequiredValue(purpose),
            Filter = parse.GetValue(where),
            Pivot = parse.GetValue(pivot),
            EvenIfRetracted = parse.GetValue(retracted),
            PageSize = Paging.PageSize,
        }));
        return command;
    }

    static async Task<ExitCode> Run(Invocation run, ReadTableRequest request)
    {
        var first = default(ReadTableResponse);
        var rows = await Paging.All(async token =>
        {
            request.PageToken = token;
            var page = await Resilience.Call(o => run.Exchange.Feeds.ReadTableAsync(request, o), run.Stop);
            first ??= page;

            // Of one release to the end, whatever is published meanwhile.
            request.Name = page.Release;
            return (page.Rows, page.NextPageToken);
        });
        run.Terminal.Show(
            first!.Columns.Count == 0 ? Cells(first, rows) : Pivoted(first, rows), whenEmpty: "no cell answers that");
        if (rows.Any(r => r.Cells.Any(c => c.Status == "missing")))
            run.Terminal.Warn("[x]: what these cells need was not sent; it is missing, and never zero");
        if (rows.Any(r => r.Cells.Any(c => c.Status == "few")))
            run.Terminal.Warn("[c]: not shown, because few or none");
        return ExitCode.Ok;
    }

    static Listing Cells(ReadTableResponse table, IEnumerable<ReleaseTableRow> rows)
    {
        var listing = new Listing([
            .. table.Dimensions.SelectMany(d => new Column[] { new(d, d), new(d + "_title", d, Detail: true) }),
            new("count", "count", Number: true), new("value", "value", Detail: true), new("status", "status"),
            new("lo", "from", Number: true), new("hi", "to", Number: true),
        ]);
        foreach (var row in rows)
        {
            var cell = row.Cells[0];
            listing.Add([
                .. row.Codes.Zip(row.Titles).SelectMany(c => new object?[] { c.First, c.Second }),
                Shown(cell), Value(cell), cell.Status, cell.Lo, cell.HasHi ? cell.Hi : null,
            ]);
        }
        return listing;
    }

    static Listing Pivoted(ReadTableResponse table, IEnumerable<ReleaseTableRow> rows)
    {
        var listing = new Listing([
            .. table.Dimensions.SelectMany(d => new Column[] { new(d, d), new(d + "_title", d, Detail: true) }),
            .. table.Columns.Select(c => new Column(c.Code, c.Code, Number: true)),
        ]);
        foreach (var row in rows)
        {
            listing.Add([
                .. row.Codes.Zip(row.Titles).SelectMany(c => new object?[] { c.First, c.Second }),
                .. row.Cells.Select(Shown),
            ]);
        }
        return listing;
    }

    static long? Value(CellStatement cell) => cell.HasValue ? cell.Value : null;

    /// <summary>Every status has a mark of its own; what the filter left out is empty.</summary>
    public static string Shown(CellStatement cell) => cell.Status switch
    {
        "" => "",
        "few" => "[c]",
        "missing" => "[x]",
        _ => cell.Value.ToString(CultureInfo.InvariantCulture),
    };
}
