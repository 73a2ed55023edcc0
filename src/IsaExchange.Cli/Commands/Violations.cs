using System.CommandLine;
using IsaExchange.Cli.Rendering;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>isax violations: every fault of a submission by place, never by value.</summary>
static class Violations
{
    public static Command Create(GlobalOptions globals)
    {
        var submission = Inputs.Submission();
        var command = new Command("violations",
            "List a file's faults: groups, then line by line. With -o csv the lines only.")
        {
            submission,
        }.WithExample("isax violations police-recorded-crime/01j9 -o csv > faults.csv");
        globals.Handle(command, (parse, run) => Run(run, parse.GetRequiredValue(submission)));
        return command;
    }

    /// <summary>The first lines, and all groups with their exact counts.</summary>
    public static Task<ListViolationsResponse> FirstPage(Invocation run, string submission, int lines) =>
        Page(run, submission, token: "", lines);

    static async Task<ExitCode> Run(Invocation run, string text)
    {
        var submission = await SubmissionLookup.Get(run, text);
        var groups = new List<ViolationGroup>();
        var first = default(ListViolationsResponse);
        var lines = await Paging.All(async token =>
        {
            var page = await Page(run, submission.Name, token, Paging.PageSize);
            first ??= page;
            groups.AddRange(page.ViolationGroups);
            return (page.Violations, page.NextPageToken);
        });
        List<(string, object)> parts = [("violation_groups", SubmissionAnswers.Groups(groups))];
        AddCounts(parts, first!);
        parts.Add(("violations", SubmissionAnswers.Violations(lines)));
        run.Terminal.Show(parts, csvPart: "violations");
        QueryAnswers.SayCompared(run.Terminal, first!.Comparison);
        if (groups.Count == 0) run.Terminal.Say("no faults");
        if (submission.ViolationSummary is { Truncated: true })
            run.Terminal.Warn("there are more faults than the list holds; the counts of the groups are exact");
        return ExitCode.Ok;
    }

    /// <summary>What only the sealed counts tell: what was compared, how exactly the records say where,
    /// and how few of them share their quasi-identifiers.</summary>
    public static void AddCounts(List<(string, object)> parts, ListViolationsResponse page)
    {
        if (QueryAnswers.Counts(page.ViolationGroups) is { } counts)
            parts.Add(("counts", counts));
        if (QueryAnswers.Located(page.Locations) is { } located)
            parts.Add(("locations", new Card().Add("locations", "locations", located)));
        if (RiskAnswers.Card(page.RecordRisk) is { } risk)
            parts.Add(("record_risk", risk));
    }

    static Task<ListViolationsResponse> Page(Invocation run, string submission, string token, int size) =>
        Resilience.Call(
            o => run.Exchange.Submissions.ListViolationsAsync(
                new ListViolationsRequest { Parent = submission, PageSize = size, PageToken = token }, o),
            run.Stop);
}
