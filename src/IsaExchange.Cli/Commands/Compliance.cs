using System.CommandLine;
using System.Globalization;
using IsaExchange.Cli.Rendering;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;
using ComplianceSentences = IsaExchange.Agreement.Obligations.ComplianceSentences;

namespace IsaExchange.Cli.Commands;

/// <summary>isax compliance: the partnership's own checklist on a page, for any day.</summary>
static class Compliance
{
    const int PageWidth = 80;

    public static Command Create(GlobalOptions globals)
    {
        var on = new Option<DateOnly?>("--on")
        {
            Description = "The day asked about, in London, the past included. Default: today.",
            HelpName = "YYYY-MM-DD",
        };
        var command = new Command(
            "compliance", "Show who has an officer, who has signed, and whether everything is in and shared.") { on }
            .WithExample("isax compliance --on 2026-12-31");
        globals.Handle(command, async (parse, run) =>
        {
            var request = new GetComplianceReportRequest { Parent = Names.Agreement(run.Exchange.Agreement) };
            if (parse.GetValue(on) is { } day) request.Day = WirePeriods.Write(day);
            var report = await Resilience.Call(
                o => run.Exchange.Compliance.GetComplianceReportAsync(request, o), run.Stop);
            if (run.Terminal.Format is OutputFormat.Table) Page(run.Terminal, report);
            else run.Terminal.Show(Parts(report), csvPart: "authorities");
            return ExitCode.Ok;
        });
        return command;
    }

    static void Page(Terminal terminal, ComplianceReport report)
    {
        terminal.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"On {WirePeriods.Day(report.Day):d MMM yyyy}; "
            + $"the year since {WirePeriods.Day(report.Since):d MMM yyyy}."));
        foreach (var sentence in report.Sentences)
        {
            foreach (var line in Wrapped(sentence)) terminal.Line(line);
        }

        terminal.Line("");
        terminal.Line($"{"authority",-34}{"officer",-19}{"signed",-12}{"in",-8}on time");
        foreach (var a in report.Authorities)
        {
            var officer = a.Officers.Count > 0 ? a.Officers[0] : a.Deputies.Count > 0 ? "deputy acts" : "NONE";
            terminal.Line($"{Cut(a.Title, 33),-34}{Cut(officer, 18),-19}{Signed(a),-12}{In(a.Rate),-8}{OnTime(a.Rate)}"
                .TrimEnd());
        }

        if (report.Missing.Count > 0) terminal.Line("");
        foreach (var line in report.Missing.Take(MissingShown).SelectMany(r => Wrapped(Missing(r))))
            terminal.Line(line);
        if (report.Missing.Count > MissingShown)
            terminal.Line($"and {report.Missing.Count - MissingShown} more: isax due --all");
    }

    /// <summary>The page stays a page.</summary>
    const int MissingShown = 12;

    static string Missing(OpenReturn r)
    {
        var state = r.State switch
        {
            "EXCEPTED" => $"more time until {WirePeriods.Day(r.ExceptionUntil):yyyy-MM-dd}",
            var other => $"{other} since {WirePeriods.Day(r.DueDate):yyyy-MM-dd}",
        };
        return $"{r.Party}, {r.Dataset}, {WirePeriods.Read(r.Period).Iso}, {string.Join(' ', r.Areas)}: {state}";
    }

    static IReadOnlyList<(string Key, object Part)> Parts(ComplianceReport report)
    {
        var authorities = new Listing(
            new("party", "party"), new("title", "authority"), new("officers", "officers"), new("deputies", "deputies"),
            new("vacant_areas", "vacant areas"), new("must_sign", "must sign"), new("signed", "signed"),
            new("expected", "expected"), new("in", "in"), new("on_time", "on time"), new("late", "late"),
            new("nil", "nil"), new("withheld", "withheld"), new("missing", "missing"));
        foreach (var a in report.Authorities)
        {
            authorities.Add(a.Party, a.Title, a.Officers, a.Deputies, a.VacantAreas, a.MustSign, Signed(a),
                a.Rate.Expected, a.Rate.Timely + a.Rate.Late, a.Rate.Timely, a.Rate.Late, a.Rate.Nil, a.Rate.Withheld,
                a.Rate.Missing);
        }

        var datasets = new Listing(
            new("dataset", "dataset"), new("party", "party"), new("shared", "shared"),
            new("received_only", "received only"), new("expected", "expected"), new("in", "in"),
            new("on_time", "on time"));
        foreach (var d in report.Datasets)
        {
            datasets.Add(d.Dataset, d.Party, d.Shared, d.ReceivedOnlyAreas, d.Rate.Expected,
                d.Rate.Timely + d.Rate.Late, d.Rate.Timely);
        }

        var summary = new Card()
            .Add("day", "day", WirePeriods.Day(report.Day)).Add("since", "since", WirePeriods.Day(report.Since))
            .Add("revision", "revision", report.Revision).Add("clean", "clean", report.Clean)
            .Add("sentences", "sentences", report.Sentences)
            .Add("expected", "expected", report.Rate.Expected)
            .Add("in", "in", report.Rate.Timely + report.Rate.Late)
            .Add("on_time", "on time", report.Rate.Timely).Add("nil", "nil", report.Rate.Nil)
            .Add("withheld", "withheld", report.Rate.Withheld).Add("missing", "missing", report.Rate.Missing);
        return
        [
            ("report", summary), ("authorities", authorities), ("datasets", datasets),
            ("missing", Open(report.Missing)), ("withheld", Open(report.Withheld)),
        ];
    }

    static Listing Open(IEnumerable<OpenReturn> open)
    {
        var listing = new Listing(
            new("party", "party"), new("dataset", "dataset"), new("period", "period"), new("areas", "areas"),
            new("due", "due"), new("state", "state"), new("exception_until", "more time until"),
            new("withheld_reason", "reason"));
        foreach (var r in open)
        {
            listing.Add(r.Party, r.Dataset, WirePeriods.Cell(r.Period), r.Areas, WirePeriods.Day(r.DueDate), r.State,
                r.ExceptionUntil is null ? null : WirePeriods.Day(r.ExceptionUntil), r.WithheldReason);
        }

        return listing;
    }

    static string Signed(AuthorityCheck a) => a.SignTime is { } time
        ? time.ToDateTimeOffset().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        : a.MustSign ? "NO" : "-";

    static string In(ReturnRate r) => r.Expected == 0 ? "-" : $"{r.Timely + r.Late}/{r.Expected}";

    static string OnTime(ReturnRate r) =>
        r.Expected == 0 ? "" : ComplianceSentences.Percent((decimal)r.Timely / r.Expected);

    static string Cut(string text, int length) => text.Length <= length ? text : text[..(length - 1)] + "\u2026";

    static IEnumerable<string> Wrapped(string sentence)
    {
        var line = "";
        foreach (var word in sentence.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > PageWidth)
            {
                yield return line;
                line = "  " + word;
                continue;
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        yield return line;
    }
}
