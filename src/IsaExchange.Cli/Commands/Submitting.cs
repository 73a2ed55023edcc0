using Grpc.Core;
using IsaExchange.Cli.Rendering;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;
using State = IsaExchange.V1.Submission.Types.State;

namespace IsaExchange.Cli.Commands;

/// <summary>
/// The steps from a draft to a receipt that send, submit and nil share. Every mutation carries a request id.
/// </summary>
static class Submitting
{
    // Each step passes one that a colleague's command opened in between: a few, not a habit.
    const int StepsBeyondListedMax = 8;

    // Enough to see what is wrong; isax violations has them all.
    const int LinesShown = 20;
    static readonly TimeSpan CheckingMax = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Creates the submission, or finds the one the same command created before. <paramref name="identity"/> is
    /// everything the draft says, so that the same id never stands for two different drafts. One that has come to its
    /// end is left behind, and the id of the next follows from its name: a killed command finds the one it opened.
    /// </summary>
    public static async Task<Submission> Open(Invocation run, string parent, Submission draft, string[] identity)
    {
        var first = await After("");
        if (!HasEnded(first)) return first;
        var listed = (await SubmissionLookup.AllOf(run, parent)).FindAll(s => IsSameContent(s, draft));
        var after = NewestEnd(listed) ?? first.Name;
        for (var i = 0; i < listed.Count + StepsBeyondListedMax; i++)
        {
            var next = await After(after);
            if (!HasEnded(next)) return next;
            after = next.Name;
        }
        throw new VerbException(ExitCode.TryAgain, "others are sending this content too", "run the same command again");

        async Task<Submission> After(string last)
        {
            var request = new CreateSubmissionRequest
            {
                Parent = parent,
                Submission = draft,
                RequestId = RequestId.Of(["create", parent, .. identity, last]),
            };
            // The answer to a repeated request is the first answer; how things stand now is asked for.
            return await SubmissionLookup.Get(run, await NameOf(run, request));
        }
    }

    // What was wrong may have been ours, a code list for example: the same content may be checked anew.
    static bool HasEnded(Submission s) =>
        s.State is State.NeedsCorrection or State.Expired or State.Withdrawn or State.Erased;

    // Where one is under way it was opened after the ends that are older, and is found again only from there.
    static string? NewestEnd(List<Submission> newestFirst)
    {
        var underWay = newestFirst.FindIndex(s => !HasEnded(s));
        return newestFirst.Skip(underWay + 1).FirstOrDefault(HasEnded)?.Name;
    }

    static bool IsSameContent(Submission s, Submission draft) =>
        s.ContentKind == draft.ContentKind && s.NilReturnReason == draft.NilReturnReason
        && s.ExpectedSizeBytes == draft.ExpectedSizeBytes && s.ExpectedSha256 == draft.ExpectedSha256
        && s.Period.Equals(draft.Period) && s.Areas.ToHashSet(StringComparer.Ordinal).SetEquals(draft.Areas)
        && s.Supersedes == draft.Supersedes && s.CorrectionReason == draft.CorrectionReason;

    // A colleague may have sent the same content: then theirs is what this command asks for.
    static async Task<string> NameOf(Invocation run, CreateSubmissionRequest request)
    {
        try
        {
            var created = await Resilience.Call(
                o => run.Exchange.Submissions.CreateSubmissionAsync(request, o), run.Stop);
            return created.Name;
        }
        catch (RpcException e) when (Failure.Of(e) is { Reason: "ALREADY_SUBMITTED", Submission.Length: > 0 } failure)
        {
            var draft = request.Submission;
            var standing = await SubmissionLookup.Get(run, failure.Submission);
            var isTheSame = draft.ContentKind is ContentKind.Table && draft.Supersedes.Length == 0
                && standing.ContentSha256 == draft.ExpectedSha256 && standing.Period.Equals(draft.Period)
                && standing.Areas.ToHashSet(StringComparer.Ordinal).SetEquals(draft.Areas);
            if (!isTheSame) throw;
            return standing.Name;
        }
    }

    /// <summary>Waits until the content has been checked.</summary>
    public static async Task<Submission> Checked(Invocation run, Submission submission)
    {
        var started = run.Clock.GetTimestamp();
        while (submission.State is State.Open or State.Validating)
        {
            if (run.Clock.GetElapsedTime(started) > CheckingMax)
                throw new VerbException(ExitCode.TryAgain, $"{submission.Name} is still being checked",
                    "run the same command again; it goes on where it stands");
            await Task.Delay(TimeSpan.FromMilliseconds(250), run.Clock, run.Stop);
            submission = await SubmissionLookup.Get(run, submission.Name);
        }
        return submission;
    }

    /// <summary>Submits, and shows what stands in the way where queries are to be explained first.</summary>
    public static async Task<(ExitCode Code, string Verdict)> Submit(Invocation run, Submission ready)
    {
        var request = new SubmitSubmissionRequest { Name = ready.Name, RequestId = RequestId.Of("submit", ready.Name) };
        try
        {
            return await Conclude(run, await Resilience.Call(
                o => run.Exchange.Submissions.SubmitSubmissionAsync(request, o), run.Stop));
        }
        catch (RpcException e) when (Failure.Of(e) is { Reason: "QUERY_NOT_EXPLAINED" } failure)
        {
            var (_, verdict) = await Conclude(run, ready);
            return (Outcomes.Refused(run, failure), verdict);
        }
    }

    /// <summary>
    /// Runs a verb whose last line must say SUBMITTED or NOT SUBMITTED, whatever happens on the way: "validated" read
    /// as "submitted" is the mistake this sector knows best.
    /// </summary>
    public static async Task<ExitCode> WithVerdict(Invocation run, Func<Task<(ExitCode Code, string Verdict)>> body)
    {
        var verdict = "";
        var code = await Outcomes.Run(run, async () =>
        {
            (var code, verdict) = await body();
            return code;
        });
        run.Terminal.Verdict(verdict.Length > 0 ? verdict : NoReceipt(code));
        return code;
    }

    /// <summary>What is to be seen and said of a submission as it now stands.</summary>
    public static async Task<(ExitCode Code, string Verdict)> Conclude(Invocation run, Submission s)
    {
        var parts = new List<(string, object)> { ("submission", SubmissionAnswers.Card(s)) };
        if (s.ContentKind is ContentKind.Table && await Faults(run, s) is { } faults)
        {
            parts.Add(("violation_groups", SubmissionAnswers.Groups(faults.ViolationGroups)));
            Violations.AddCounts(parts, faults);
            parts.Add(("violations", SubmissionAnswers.Violations(faults.Violations)));
            QueryAnswers.SayCompared(run.Terminal, faults.Comparison);
        }
        if (s.Receipt is not null) parts.Add(("receipt", SubmissionAnswers.Receipt(s.Receipt)));
        if (s.State is State.Submitted && await Effect.TryRead(run, s.Name) is { } effect)
            parts.AddRange(Effect.Parts(effect, whole: run.Terminal.Format is OutputFormat.Json));
        try
        {
            run.Terminal.Show(parts, csvPart: "violation_groups");
        }
        catch (IOException e) when (s.Receipt is not null)
        {
            // Nobody reads the answer any more; the verdict is still what the receipt says.
            run.Terminal.Complain($"error: {e.Message}");
            return (ExitCode.Ours, Verdict(s).Verdict);
        }
        if (s is { State: State.Submitted, ViolationSummary.UnexplainedQueryCount: > 0 })
            run.Terminal.Warn("the liaison officer still has queries to explain; releases are flagged until then");
        return Verdict(s);
    }

    /// <summary>Null when they cannot be had of what has its receipt, which stands whatever comes of this.</summary>
    static async Task<ListViolationsResponse?> Faults(Invocation run, Submission s)
    {
        try
        {
            return await Violations.FirstPage(run, s.Name, LinesShown);
        }
        catch (Exception e) when (s.Receipt is not null
            && e is RpcException or IOException or OperationCanceledException)
        {
            run.Terminal.Warn($"its queries cannot be shown now; isax violations {ShortName(s)} shows them");
            return null;
        }
    }

    static (ExitCode Code, string Verdict) Verdict(Submission s) => s.State switch
    {
        State.Submitted when s.Receipt is not null => (ExitCode.Ok, SubmissionAnswers.Submitted(s.Receipt)),
        State.NeedsCorrection => (ExitCode.ValidationErrors,
            $"NOT SUBMITTED: {Count(s.ViolationSummary.ErrorCount, "error")} to correct in the source, then send it"
            + $" again (isax violations {ShortName(s)} lists them by line)"),
        State.Ready when s.ViolationSummary is { UnexplainedQueryCount: > 0 } summary => (ExitCode.Ok,
            $"NOT SUBMITTED: no errors, {Count(summary.UnexplainedQueryCount, "query", "queries")} to explain"
            + $" (isax explain {ShortName(s)} GROUP \"...\"), then isax submit {ShortName(s)}"),
        State.Ready => (ExitCode.Ok, $"NOT SUBMITTED: no errors; submit it with isax submit {ShortName(s)}"),
        State.Superseded => (ExitCode.Conflict,
            $"NOT SUBMITTED: this content was submitted before and {s.SupersededBy} has taken its place since;"
            + $" to return to it, send it with --supersedes {s.SupersededBy} --reason \"...\""),
        _ => (ExitCode.Conflict, $"NOT SUBMITTED: {s.Name} is {SubmissionAnswers.State(s.State).Eyes}"),
    };

    static string NoReceipt(ExitCode code) => code switch
    {
        ExitCode.TryAgain or ExitCode.Ours =>
            "NOT SUBMITTED: no receipt came; run the same command again, it goes on and cannot submit twice",
        ExitCode.Refused => "NOT SUBMITTED: refused by the agreement",
        ExitCode.Conflict => "NOT SUBMITTED: not possible as things stand",
        _ => "NOT SUBMITTED",
    };

    static string ShortName(Submission s) => $"{Names.Id(s.Name, "datasets")}/{Names.Last(s.Name)}";

    static string Count(long n, string one, string? many = null) => n == 1 ? $"1 {one}" : $"{n} {many ?? one + "s"}";
}
