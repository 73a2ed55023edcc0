using System.Text;

namespace IsaExchange.Datasets.Specs;

/// <summary>The page of a dataset in Markdown, made of its specification alone.</summary>
public static class DatasetPage
{
    public static string Markdown(DatasetSpec spec)
    {
        var page = new Page();
        page.Line($"# {spec.Title}");
        page.Line(
            $"Made by `isax datasets show {spec.Id} --format markdown`: change the specification, not this page.");
        Head(page, spec);
        Columns(page, spec);
        foreach (var field in spec.Fields.Where(f => f.Categories.Count > 1))
            page.Table($"### Codes of {field.Name}", ["code", "means"], field.Categories.Select(Row));
        foreach (var derived in spec.Derived.Where(d => d.Kind is DerivedKind.Weekday or DerivedKind.Hours))
        {
            page.Table($"### {derived.Name}: {SpecWords.Made(spec, derived)}", ["code", "means"],
                derived.Bands(mayBeUnknown: false).Select(Row));
        }

        foreach (var derived in spec.Derived.Where(d => d.Kind == DerivedKind.Blocks))
        {
            page.Table($"### {derived.Name}: what {derived.From} is put into", ["code", "means", "codes"],
                derived.Members.Select(m => new[] { Code(m.Code), m.Title, string.Join(", ", m.Ranges) }));
        }

        page.Table("## Rules over several columns", ["rule", "what must hold"],
            SpecWords.Rules(spec).Select(r => new[] { Code(r.Rule), r.Sentence }));
        page.List("## Never in a record", spec.Never);
        page.List("## What a reader of the figures must know", spec.Caveats);
        page.List("## Not confirmed", spec.Unconfirmed);
        return page.ToString();
    }

    static void Head(Page page, DatasetSpec spec)
    {
        List<string[]> rows =
        [
            ["dataset", $"{Code(spec.Id)}, version {spec.Version}"],
            ["one record", spec.Unit],
            ["legal basis", SpecWords.LegalBasis(spec)],
            ["reference", spec.LegalReference],
            ["period", $"by {Code(spec.PeriodField)}"],
            ["area", $"by {Code(spec.Routing.Field)}"],
            ["counted", SpecWords.Counted(spec)],
        ];
        if (SpecWords.Located(spec) is { } located)
            rows.Add(["located", located]);
        if (spec.NeverSummed.Count > 0)
            rows.Add(["never added up", SpecWords.And(spec.NeverSummed)]);
        if (spec.QuasiIdentifiers is { } quasi)
            rows.Add(["of no single person", SpecWords.Shared(quasi)]);
        page.Table(null, ["what", "is"], rows);
    }

    static void Columns(Page page, DatasetSpec spec) => page.Table(
        "## Columns", ["column", "value", "holds", "what it is"],
        spec.Fields.Select(f => new[]
        {
            Code(f.Name), f.Required ? "required" : "may be empty", SpecWords.Holds(f),
            f.Description.Length == 0 ? f.Title : $"{f.Title}. {f.Description}",
        }));

    static string[] Row(Category category) => [Code(category.Code), category.Title];

    static string Code(string text) => $"`{text}`";

    /// <summary>Paragraphs with an empty line between, line ends of one kind.</summary>
    sealed class Page
    {
        readonly StringBuilder _text = new();

        public void Line(string text) => Append($"{text}\n");

        public void Table(string? heading, string[] columns, IEnumerable<string[]> rows)
        {
            var table = new StringBuilder();
            foreach (var row in rows)
                table.Append(Row(row));
            if (table.Length == 0)
                return;
            if (heading is not null)
                Line(heading);
            Append($"{Row(columns)}{Row([.. columns.Select(_ => "---")])}{table}");
        }

        public void List(string heading, IReadOnlyList<string> items)
        {
            if (items.Count == 0)
                return;
            Line(heading);
            Append(string.Concat(items.Select(item => $"* {item}\n")));
        }

        public override string ToString() => _text.ToString();

        void Append(string paragraph) => _text.Append(_text.Length == 0 ? "" : "\n").Append(paragraph);

        // A bar would end the cell.
        static string Row(string[] cells) =>
            $"| {string.Join(" | ", cells.Select(c => c.Replace("|", "\\|", StringComparison.Ordinal)))} |\n";
    }
}
