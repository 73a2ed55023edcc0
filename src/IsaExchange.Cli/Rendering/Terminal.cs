using Spectre.Console;
using Spectre.Console.Rendering;

namespace IsaExchange.Cli.Rendering;

/// <summary>
/// Where a verb writes. stdout carries the answer and nothing else, so that a pipe can trust it; stderr carries
/// messages, warnings and progress. In JSON and CSV the verdict sentence goes to stderr, for the same reason.
/// </summary>
sealed class Terminal(Screen screen, OutputFormat format, bool quiet)
{
    public OutputFormat Format => format;

    public Screen Screen => screen;

    public bool Quiet => quiet;

    public void Say(string message)
    {
        if (!quiet) screen.Messages.WriteLine(Cell.Printable(message));
    }

    public void Warn(string message) => screen.Messages.WriteLine("warning: " + Cell.Printable(message));

    public void Complain(string message) => screen.Messages.WriteLine(Cell.Printable(message));

    /// <summary>A line of the answer that is not a table, such as a path. As it is in every format.</summary>
    public void Line(string text) => screen.Answers.WriteLine(Cell.Printable(text));

    /// <summary>Text of the answer as it is, several lines, for example a rule's page or a signed note.</summary>
    public void Text(string text) => screen.Answers.Write(Cell.Printable(text));

    /// <summary>
    /// The sentence that says how it ended: the last line of stdout, or of stderr when stdout is for programs.
    /// </summary>
    public void Verdict(string sentence) =>
        (format is OutputFormat.Table ? screen.Answers : screen.Messages).WriteLine(Cell.Printable(sentence));

    public void Show(Listing listing, string? whenEmpty = null)
    {
        switch (format)
        {
            case OutputFormat.Json: screen.Answers.WriteLine(JsonAnswer.Of(listing)); break;
            case OutputFormat.Csv: CsvAnswer.Write(screen.Answers, listing); break;
            default: ShowTable(listing, whenEmpty); break;
        }
    }

    public void Show(Card card)
    {
        switch (format)
        {
            case OutputFormat.Json: screen.Answers.WriteLine(JsonAnswer.Of(card)); break;
            case OutputFormat.Csv: CsvAnswer.Write(screen.Answers, card.AsListing()); break;
            default: ShowCard(card); break;
        }
    }

    /// <summary>Several parts: one under the other for eyes, one JSON object, and in CSV the part named.</summary>
    public void Show(IReadOnlyList<(string Key, object Part)> parts, string csvPart)
    {
        switch (format)
        {
            case OutputFormat.Json: screen.Answers.WriteLine(JsonAnswer.Of(parts)); break;
            case OutputFormat.Csv: Show(parts, csvPart, csv: true); break;
            default: Show(parts, csvPart, csv: false); break;
        }
    }

    void Show(IReadOnlyList<(string Key, object Part)> parts, string csvPart, bool csv)
    {
        var isFirst = true;
        foreach (var (key, part) in parts)
        {
            if (csv ? key != csvPart : part is Listing { Rows.Count: 0 }) continue;
            if (!isFirst) screen.Answers.WriteLine();
            isFirst = false;
            if (part is Listing listing) Show(listing);
            else if (part is Card card) Show(card);
        }
    }

    void ShowTable(Listing listing, string? whenEmpty)
    {
        if (listing.Rows.Count == 0)
        {
            Say(whenEmpty ?? "nothing to show");
            return;
        }
        if (ColumnWidths.Wrapped(listing, screen.Width) is not { } wrapped)
        {
            ShowRowByRow(listing);
            return;
        }
        var table = new Table { Border = TableBorder.Simple };
        foreach (var (i, column) in listing.Columns.Index().Where(c => !c.Item.Detail))
        {
            var heading = new TableColumn(Markup.Escape(column.Heading)) { NoWrap = !wrapped.Contains(i) };
            table.AddColumn(column.Number ? heading.RightAligned() : heading);
        }
        foreach (var row in listing.Rows)
            table.AddRow([.. row.Where((_, i) => !listing.Columns[i].Detail).Select(c => new Text(Cell.Text(c)))]);
        Write(table);
    }

    /// <summary>Columns of four letters can be read by nobody: then each row is told field by field.</summary>
    void ShowRowByRow(Listing listing)
    {
        foreach (var (at, row) in listing.Rows.Index())
        {
            if (at > 0) screen.Answers.WriteLine();
            var card = new Card();
            foreach (var (column, cell) in listing.Columns.Zip(row).Where(c => !c.First.Detail))
                card.Add(column.Key, column.Heading, cell);
            ShowCard(card);
        }
    }

    void ShowCard(Card card)
    {
        var grid = new Grid();
        grid.AddColumn(new GridColumn().NoWrap().PadRight(3));
        grid.AddColumn(new GridColumn());
        foreach (var (field, value) in card.Fields)
        {
            var text = field.Detail ? "" : Cell.Text(value);
            if (text.Length > 0) grid.AddRow(new Text(field.Heading), new Text(text));
        }
        Write(grid);
    }

    void Write(IRenderable table)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = screen.Width;
        console.Write(table);

        // Cells are padded to their column; at the end of a line that is only noise in a file.
        foreach (var line in text.ToString().Trim('\r', '\n').TrimEnd().Split('\n'))
            screen.Answers.WriteLine(line.TrimEnd());
    }
}
