using Google.Protobuf.WellKnownTypes;
using IsaExchange.Agreement;
using IsaExchange.Cli.Rendering;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>Submissions, their faults and their receipts, as cards and listings.</summary>
static class SubmissionAnswers
{
    public static Card Card(Submission s) => new Card()
        .Add("name", "submission", Names.Cell(s.Name))
        .Add("state", "state", State(s))
        .Add("period", "period", WirePeriods.Cell(s.Period))
        .Add("areas", "areas", s.Areas)
        .Add("content", "content", s.ContentKind is ContentKind.NilReturn ? "nil return" : "table")
        .Add("nil_return_reason", "nil because", s.NilReturnReason)
        .Add("records", "records", s.RecordCount)
        .Add("sha256", "sha256", Hex(s.ContentSha256.Span))
        .Add("errors", "errors", s.ViolationSummary?.ErrorCount ?? 0)
        .Add("queries", "queries", s.ViolationSummary?.QueryCount ?? 0)
        .Add("queries_to_explain", "to explain", s.ViolationSummary?.UnexplainedQueryCount ?? 0)
        .Add("supersedes", "supersedes", Names.Cell(s.Supersedes))
        .Add("correction_reason", "correction", s.CorrectionReason)
        .Add("superseded_by", "superseded by", Names.Cell(s.SupersededBy))
        .Add("frozen", "frozen", Time(s.FreezeTime))
        .Add("withdrawn", "withdrawn", Time(s.WithdrawTime))
        .Add("destroyed", "destroyed", Time(s.DestroyTime))
        .Add("acts", "done since", s.Acts.Select(a => $"{a.Kind.ToString().ToLowerInvariant()}: {a.Reason}"))
        .Add("created", "created", Time(s.CreateTime))
        .Add("expires", "expires", IsUnsubmitted(s.State) ? Time(s.ExpireTime) : null)
        .Add("agreement_revision", "agreement", Names.Digest(s.AgreementRevision));

    public static Listing List(IEnumerable<Submission> submissions)
    {
        var listing = new Listing(
            new("submission", "submission"), new("dataset", "dataset"), new("period", "period"), new("state", "state"),
            new("areas", "areas", Wraps: true), new("records", "records", Number: true),
            new("errors", "errors", Number: true), new("queries_to_explain", "to explain", Number: true),
            new("created", "created"),
            new("name", "name", Detail: true));
        foreach (var s in submissions)
        {
            listing.Add(Names.Last(s.Name), Names.Id(s.Name, "datasets"), WirePeriods.Cell(s.Period),
                State(s), s.Areas, s.RecordCount, s.ViolationSummary?.ErrorCount ?? 0,
                s.ViolationSummary?.UnexplainedQueryCount ?? 0, Time(s.CreateTime), s.Name);
        }
        return listing;
    }

    public static Listing Groups(IEnumerable<ViolationGroup> groups)
    {
        var listing = new Listing(
            new("severity", "severity"), new("rule", "rule"), new("field", "field"),
            new("count", "count", Number: true), new("description", "what is wrong", Wraps: true),
            new("remedy", "what to do", Wraps: true),
            new("explanation", "explanation", Wraps: true), new("group", "group"));
        foreach (var g in groups)
        {
            listing.Add(Severity(g.Severity), g.Rule, g.Field, g.Count, g.Description, g.Remedy,
                QueryAnswers.Standing(g), Names.Last(g.Name));
        }
        return listing;
    }

    public static Listing Violations(IEnumerable<Violation> violations)
    {
        var listing = new Listing(
            new("line", "line", Number: true), new("record", "record", Number: true),
            new("column", "column", Number: true), new("field", "field"), new("rule", "rule"),
            new("severity", "severity"), new("description", "what is wrong", Wraps: true),
            new("remedy", "what to do", Detail: true));
        foreach (var v in violations)
        {
            listing.Add(v.Line, v.Record, v.Column, v.Field, v.Rule, Severity(v.Severity), v.Description, v.Remedy);
        }
        return listing;
    }

    public static Card Receipt(Receipt r) => new Card()
        .Add("receipt", "receipt", Names.Cell(r.Name))
        .Add("sha256", "sha256", Hex(r.ContentSha256.Span))
        .Add("records", "records", r.RecordCount)
        .Add("submitted", "submitted", Time(r.SubmitTime))
        .Add("due", "due", Due(r.DueTime))
        .Add("on_time", "on time", r.DueTime is null ? null : r.OnTime)
        .Add("event_id", "event", r.EventId)
        .Add("leaf_hash", "leaf", Hex(r.LeafHash.Span))
        .Add("leaf_index", "log index", r.InclusionProof.Length > 0 ? r.LeafIndex : null)
        .AddDetail("signed_note", r.SignedNote)
        .AddDetail("inclusion_proof", r.InclusionProof);

    /// <summary>One sentence a person, or a scheduler's log, can rely on.</summary>
    public static string Submitted(Receipt r) =>
        $"SUBMITTED, receipt {r.Name} of {Cell.Text(Time(r.SubmitTime))}"
        + (r.DueTime is null ? "" : r.OnTime ? ", on time" : ", LATE");

    static TwoForms State(Submission s)
    {
        var state = State(s.State);
        return s.FreezeTime is null ? state : state with { Eyes = state.Eyes + ", FROZEN" };
    }

    public static TwoForms State(Submission.Types.State state) => state switch
    {
        Submission.Types.State.NeedsCorrection => new("NEEDS CORRECTION", "NEEDS_CORRECTION"),
        Submission.Types.State.Ready => new("READY, NOT SUBMITTED", "READY"),
        _ => new(state.ToString().ToUpperInvariant(), state.ToString().ToUpperInvariant()),
    };

    public static DateTimeOffset? Time(Timestamp? time) => time?.ToDateTimeOffset();

    static bool IsUnsubmitted(Submission.Types.State state) => state
        is Submission.Types.State.Open or Submission.Types.State.Validating or Submission.Types.State.Ready;

    // The instant is the end of the last day in London; people are told the day.
    static TwoForms? Due(Timestamp? time)
    {
        if (Time(time) is not { } due) return null;
        var lastDay = LondonTime.Date(due.AddTicks(-1));
        return new TwoForms($"end of {Cell.Text(lastDay)}", Cell.Text(due));
    }

    public static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    static string Severity(Violation.Types.Severity severity) => severity switch
    {
        Violation.Types.Severity.Error => "error",
        Violation.Types.Severity.Query => "query",
        Violation.Types.Severity.Info => "info",
        _ => "",
    };
}
