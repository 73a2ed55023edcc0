using System.Globalization;
using IsaExchange.Agreement;
using IsaExchange.Cli.Rendering;

namespace IsaExchange.Cli.Commands;

/// <summary>The screen of isax due: eighty columns for an officer's own view.</summary>
static class DueTable
{
    const int ScreenWidth = 80;

    public static void Write(Terminal terminal, List<DueGroup> groups, bool isOneParty)
    {
        string[] headings = ["authority", "dataset", "period", "areas", "due", "state"];
        var rows = groups.ConvertAll(g => new[]
        {
            g.Party, g.Dataset, Months(g.Period), g.Areas,
            g.DueDate.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), g.Said,
        });
        var first = isOneParty ? 1 : 0;
        var widths = headings.Select((h, i) => Math.Max(h.Length, rows.Max(r => r[i].Length))).ToArray();
        terminal.Line(Row(headings));
        foreach (var row in rows) terminal.Line(Row(row));

        string Row(string[] cells) => string.Join("  ", cells.Skip(first).Select(
            (cell, i) => cells[i + first] == cells[^1] ? cell
                : i + first == 3 ? cell.PadLeft(widths[i + first]) : cell.PadRight(widths[i + first])));
    }

    /// <summary>A command that is too long for the screen goes on in a second line, as a shell reads it.</summary>
    public static void WriteNext(Terminal terminal, string command)
    {
        const string Label = "next: ";
        var at = command.IndexOf(" --period", StringComparison.Ordinal);
        if (Label.Length + command.Length <= ScreenWidth || at < 0)
        {
            terminal.Line(Label + command);
            return;
        }

        terminal.Line($"{Label}{command[..at]} \\");
        terminal.Line($"        {command[(at + 1)..]}");
    }

    /// <summary>A range of months with its year: never a bare quarter, whose number depends on who counts.</summary>
    static string Months(InformationPeriod period) => period.IsMonth
        ? period.Start.ToString("MMM yyyy", CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{period.Start:MMM} to {period.LastDay:MMM yyyy}");
}
