using System.Globalization;
using IsaExchange.Agreement;
using IsaExchange.Agreement.Obligations;
using IsaExchange.Exchange.Storage.Catalogue;

namespace IsaExchange.Exchange.Notifying;

/// <summary>Submitted with queries that are still open.</summary>
sealed record UnexplainedSubmission(SubmissionRow Row, int Queries)
{
    /// <summary>Codes of the rules of these queries.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];
}

/// <summary>
/// Who is to be told what on a day. A function of what stands: a day on which nothing ran is made up for by the next
/// one, with the step that has been reached by then and none of those before it.
/// </summary>
sealed class NoticePlanner(
    SharingAgreement agreement, IReadOnlyList<AssessedObligation> open, IReadOnlyList<SubmissionRow> drafts,
    IReadOnlyList<UnexplainedSubmission> unexplained, DateOnly day)
{
    const int ReviewRepeatDays = 28;
    static readonly int[] RemindDefault = [28, 7, 1];
    static readonly int[] EscalateDefault = [1, 14];

    readonly IReadOnlyList<int> remind = OrDefault(agreement.Compliance.RemindDaysBefore, RemindDefault);
    readonly IReadOnlyList<int> escalate = OrDefault(agreement.Compliance.EscalateDaysAfter, EscalateDefault);

    public IEnumerable<NoticeItem> Plan() =>
        ObligationGroup.Of(open).SelectMany(OfGroup).Concat(unexplained.SelectMany(OfQueries))
            .Concat(OfVacancies()).Concat(OfReview());

    /// <summary>What a steward's reminder tells the party: all that can be done, whatever was said before.</summary>
    public IEnumerable<NoticeItem> Asked(string party)
    {
        foreach (var group in ObligationGroup.Of(open.Where(a => a.Obligation.Party == party)))
        {
            if (group.Members.All(m => m.Standing.State == ObligationState.NotYetDue))
                continue;
            foreach (var recipient in Officers(group))
                yield return Item(recipient, NoticeKind.Asked, group, $"asked/{group.Id}/{Iso(day)}");
        }
    }

    IEnumerable<NoticeItem> OfGroup(ObligationGroup group)
    {
        var late = LateAfter(group);
        if (day <= late)
            return Before(group, late);
        return After(group, late);
    }

    /// <summary>The last day on which the first of the group's areas is not late yet, exceptions counted.</summary>
    static DateOnly LateAfter(ObligationGroup group) => group.Members.Min(m =>
        m.Standing.Exception is { } e && e.Until > group.DueDate ? e.Until : group.DueDate);

    IEnumerable<NoticeItem> Before(ObligationGroup group, DateOnly late)
    {
        var left = late.DayNumber - day.DayNumber;
        var reached = remind.Where(days => left <= days).ToList();
        if (reached.Count == 0 || group.Members.All(m => m.Standing.State == ObligationState.NotYetDue))
            yield break;
        foreach (var recipient in Officers(group))
        {
            var kind = DraftOf(group) is { State: SubmissionState.Ready } ? NoticeKind.Ready : NoticeKind.Reminder;
            yield return Item(recipient, kind, group, $"reminder/{group.Id}/{Iso(late)}/{Number(reached.Min())}");
        }
    }

    IEnumerable<NoticeItem> After(ObligationGroup group, DateOnly late)
    {
        var passed = day.DayNumber - late.DayNumber;
        var reached = escalate.Where(days => days <= passed).ToList();
        if (reached.Count == 0)
            return [];
        var step = reached.Max();
        var recipients = Officers(group).Concat(Deputies(group)).Concat(Signatories(group.Party));
        if (step > escalate.Min())
            recipients = recipients.Concat(Stewards());
        return recipients.DistinctBy(r => r.Person).Select(recipient =>
            Item(recipient, NoticeKind.Overdue, group, $"overdue/{group.Id}/{Iso(late)}/{Number(step)}"));
    }

    IEnumerable<NoticeItem> OfQueries(UnexplainedSubmission submission)
    {
        var row = submission.Row;
        var submitted = LondonTime.Date(new DateTimeOffset(row.SubmitTicks!.Value, TimeSpan.Zero));
        var weeks = (day.DayNumber - submitted.DayNumber) / 7;
        var period = SubmissionAccess.PeriodOf(row);
        var queries = submission.Queries == 1 ? "1 query is" : $"{Number(submission.Queries)} queries are";
        return Acting(row.Party, row.Areas.Split(',')).Select(recipient => new NoticeItem(
            recipient.Person, recipient.Party, NoticeKind.Queries, $"queries/{row.Id}/{Number(weeks)}",
            $"{row.Dataset}, {period}: submitted unattended, and {queries} not explained{Rules(submission)};"
            + " releases say so until then",
            $"isax violations {row.Dataset}/{row.Id}"));
    }

    static string Rules(UnexplainedSubmission submission) =>
        submission.Rules.Count == 0 ? "" : $" ({string.Join(", ", submission.Rules)})";

    IEnumerable<NoticeItem> OfVacancies()
    {
        var owing = agreement.DatasetsOwed.Select(d => d.Party).ToHashSet(StringComparer.Ordinal);
        foreach (var party in agreement.Parties.Where(p => owing.Contains(p.Id) && !(day < p.From) && !(day > p.To)))
        {
            var vacant = Vacancies.Areas(agreement, party.Id, day);
            if (vacant.Count == 0)
                continue;
            foreach (var steward in Stewards())
                yield return new NoticeItem(
                    steward.Person, steward.Party, NoticeKind.Vacancy,
                    $"vacancy/{party.Id}/{Number(day.DayNumber / 7)}",
                    $"{party.Title}: neither officer nor deputy for {string.Join(", ", vacant)}", "");
        }
    }

    IEnumerable<NoticeItem> OfReview()
    {
        var overdue = day.DayNumber - agreement.ReviewDue.DayNumber;
        if (overdue <= 0)
            return [];
        var stops = day > agreement.ReviewGraceEnd
            ? "publishing has stopped"
            : $"publishing stops after {Long(agreement.ReviewGraceEnd)}";
        return Stewards().Select(steward => new NoticeItem(
            steward.Person, steward.Party, NoticeKind.Review,
            $"review/{Iso(agreement.ReviewDue)}/{Number(overdue / ReviewRepeatDays)}",
            $"the review of the agreement was due on {Long(agreement.ReviewDue)}; {stops}", ""));
    }

    NoticeItem Item(Recipient recipient, NoticeKind kind, ObligationGroup group, string key)
    {
        var late = LateAfter(group);
        var days = Math.Abs(late.DayNumber - day.DayNumber);
        var ago = day > late ? $"{Days(days)} ago" : days == 0 ? "today" : $"in {Days(days)}";
        var due = late == group.DueDate ? "due" : "more time until";
        var locked = group.Members.Any(m => m.Standing.State == ObligationState.Locked)
            ? "; the period is locked, ask the steward for an exception" : "";
        var areas = group.Members.Count == 1 ? "1 area" : $"{Number(group.Members.Count)} areas";
        var whose = recipient.Party == group.Party ? "" : $"{group.Party}: ";
        var draft = DraftOf(group);
        var checkedOnly = draft is { State: SubmissionState.Ready } ? "; checked and NOT SUBMITTED" : "";
        return new NoticeItem(
            recipient.Person, recipient.Party, kind, key,
            $"{whose}{group.Dataset}, {group.Period}, {areas}: {due} {Long(late)}, {ago}{checkedOnly}{locked}",
            recipient.Party == group.Party ? NextCommand.For(group, draft) : $"isax due --party {group.Party}");
    }

    SubmissionRow? DraftOf(ObligationGroup group) => group.Members
        .Select(m => ReadCompliance.DraftOf(drafts, m.Obligation, static _ => true)).FirstOrDefault(d => d is not null);

    readonly record struct Recipient(string Person, string Party);

    List<Recipient> Officers(ObligationGroup group) => Acting(group.Party, group.Areas);

    /// <summary>The officers for any of the areas; in a vacancy the deputies, who then act.</summary>
    List<Recipient> Acting(string party, IReadOnlyList<string> areas)
    {
        var designated = Designated(party, areas).ToList();
        var officers = designated.FindAll(o => !o.Deputy);
        return [.. (officers.Count > 0 ? officers : designated).Select(o => new Recipient(o.Person, party)).Distinct()];
    }

    IEnumerable<Recipient> Deputies(ObligationGroup group) =>
        Designated(group.Party, group.Areas).Where(o => o.Deputy).Select(o => new Recipient(o.Person, group.Party));

    IEnumerable<OfficerClause> Designated(string party, IReadOnlyList<string> areas) =>
        agreement.OfficersOn(party, day).Where(o => areas.Any(area => agreement.LiesIn(area, o.Areas)));

    IEnumerable<Recipient> Signatories(string party) => agreement.Signing.Signatories
        .Where(s => s.Party == party && !(day < s.From) && !(day > s.To)).Select(s => new Recipient(s.Person, party));

    IEnumerable<Recipient> Stewards() => agreement.Roles
        .Where(r => r.Role == Role.Steward && !(day < r.From) && !(day > r.To))
        .Select(r => new Recipient(r.Person, r.Party));

    static IReadOnlyList<int> OrDefault(IReadOnlyList<int> days, int[] otherwise) => days.Count > 0 ? days : otherwise;

    static string Iso(DateOnly day) => CreateSubmission.Iso(day);

    static string Long(DateOnly day) => day.ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    static string Days(int days) => days == 1 ? "1 day" : $"{Number(days)} days";

    static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The literal command that comes next for what is owed.</summary>
static class NextCommand
{
    public static string For(ObligationGroup group, SubmissionRow? draft) => draft switch
    {
        { State: SubmissionState.Ready } => $"isax submit {draft.Dataset}/{draft.Id}",
        { State: SubmissionState.NeedsCorrection } => $"isax violations {draft.Dataset}/{draft.Id}",
        _ => group.Next is { } next
            ? $"isax send FILE --dataset {group.Dataset} --period {next.Period.Iso}{Areas(group, next.Areas)} --submit"
            : "",
    };

    /// <summary>Only where it is not all of them, which is what isax takes by itself.</summary>
    static string Areas(ObligationGroup group, IReadOnlyList<string> areas) =>
        areas.Count == group.Members.Count ? "" : $" --areas {string.Join(',', areas)}";
}
