using IsaExchange.Agreement;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>What the authority that was asked says to it.</summary>
public sealed record RequestAnswer(RequestState Outcome, string Text)
{
    /// <summary>With a refusal, and only then.</summary>
    public RequestRefusal? Refusal { get; init; }

    /// <summary>With a consent, and only then: its last day.</summary>
    public DateOnly? Until { get; init; }
}

/// <summary>An officer answers, once: what was said stands.</summary>
public sealed class AnswerRequest(AgreementGate gate, AuditTrail trail, TimeProvider clock)
{
    const int TextLengthMax = 4000;

    public async Task<RequestRow> RunAsync(
        Caller caller, RequestName name, RequestAnswer answer, bool validateOnly, RequestKey request,
        CancellationToken ct)
    {
        var ask = gate.Request(caller, Verb.AnswerRequest) with { Party = name.Party };
        var permit = await gate.AskAsync(caller, name.Agreement, ask, AuditActions.AnswerRequest, name.ToString(), ct);
        CheckWords(answer);
        var audited = await trail.CommitAsync(
            async scope =>
            {
                var row = await scope.Catalogue.Requests.SingleOrDefaultAsync(r => r.Id == name.Id, ct);
                if (row?.Name != name.ToString())
                    throw ExchangeException.NotFound(SubmissionName.Quoted(name.ToString()));
                var said = AuditEvent.Of(AuditActions.AnswerRequest, row.Name, caller, permit) with
                {
                    RequestId = request.Id,
                    Purpose = row.Purpose ?? "",
                    ObjectSha256 = SubmissionActs.Digest(answer.Text),
                    Subjects = [new EventSubject(row.Party, row.Dataset ?? ""), new EventSubject(row.Asker, "")],
                };
                if (await request.AnsweredAsync(scope.Catalogue, caller, ct) is not null)
                {
                    await scope.RecordAsync(said with { Reason = "REPEATED" });
                    return row;
                }

                Check(row, answer);
                if (!validateOnly)
                    Write(scope, row, answer, caller, request);
                await scope.RecordAsync(said with { Reason = validateOnly ? "VALIDATE_ONLY" : "" });
                return row;
            },
            ct);
        return audited.Value;
    }

    void CheckWords(RequestAnswer answer)
    {
        if (string.IsNullOrWhiteSpace(answer.Text) || answer.Text.Length > TextLengthMax)
            throw ExchangeException.Invalid("TEXT_LENGTH", $"An answer has between 1 and {TextLengthMax} characters.");
        if (answer.Outcome is not (RequestState.Answered or RequestState.Refused or RequestState.Consented))
            throw ExchangeException.Invalid("OUTCOME_REQUIRED", "An answer is answered, refused or consented.");
        if (answer.Outcome == RequestState.Refused != answer.Refusal is not null)
            throw ExchangeException.Invalid(
                "REFUSAL_REASON", "A refusal, and nothing else, gives a reason of the closed list.");
        if (answer.Outcome == RequestState.Consented != answer.Until is not null)
            throw ExchangeException.Invalid("UNTIL_REQUIRED", "A consent, and nothing else, has a last day.");
        if (answer.Until < LondonTime.Date(clock.GetUtcNow()))
            throw ExchangeException.Invalid("UNTIL_PAST", "The last day of the consent has passed already.");
    }

    static void Check(RequestRow row, RequestAnswer answer)
    {
        if (row.State != RequestState.Open)
            throw ExchangeException.Precondition(
                "ALREADY_ANSWERED", "This request has been answered; what was said stands. A new one can be made.");
        var isOnward = row.Kind == RequestKind.OnwardDisclosure;
        if (answer.Outcome == RequestState.Consented && !isOnward)
            throw ExchangeException.Precondition(
                "NOT_ONWARD_DISCLOSURE", "Only an onward disclosure is consented to; anything else is answered.");
        if (answer.Outcome == RequestState.Answered && isOnward)
            throw ExchangeException.Precondition(
                "CONSENT_OR_REFUSE", "An onward disclosure is consented to until a day, or refused.");
    }

    void Write(AuditScope scope, RequestRow row, RequestAnswer answer, Caller caller, RequestKey request)
    {
        var now = clock.GetUtcNow();
        row.State = answer.Outcome;
        row.Answer = answer.Text;
        row.AnsweredBy = caller.Principal.Subject;
        row.AnswerTicks = now.UtcTicks;
        row.Refusal = answer.Refusal;
        row.Until = answer.Until is { } until ? CreateSubmission.Iso(until) : null;
        row.Version++;
        request.Remember(scope.Catalogue, caller, row.Name, now);
    }
}
