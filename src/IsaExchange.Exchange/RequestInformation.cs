using IsaExchange.Agreement;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange;

/// <summary>What one authority asks another.</summary>
public sealed record NewRequest(PartyName Asked, RequestKind Kind, string Text)
{
    public string? Dataset { get; init; }

    public string? Feed { get; init; }

    public InformationPeriod? Period { get; init; }

    /// <summary>Onward disclosure: to whom.</summary>
    public string? Recipient { get; init; }

    /// <summary>Onward disclosure: of the agreement's list.</summary>
    public string? Purpose { get; init; }
}

/// <summary>
/// Puts a request into the register, where its clock runs from the day it is received, as the agreement says.
/// </summary>
public sealed class RequestInformation(AgreementGate gate, AuditTrail trail, TimeProvider clock)
{
    const int TextLengthMax = 4000;
    const int RecipientLengthMax = 200;

    public async Task<RequestRow> RunAsync(
        Caller caller, NewRequest wanted, bool validateOnly, RequestKey request, CancellationToken ct)
    {
        var name = $"agreements/{wanted.Asked.Agreement}/parties/{wanted.Asked.Party}/requests";
        var ask = gate.Request(caller, Verb.MakeRequest) with
        {
            Party = wanted.Asked.Party, Dataset = wanted.Dataset, Feed = wanted.Feed, Purpose = wanted.Purpose,
        };
        var permit = await gate.AskAsync(caller, wanted.Asked.Agreement, ask, AuditActions.MakeRequest, name, ct);
        var agreement = gate.Find(wanted.Asked.Agreement, name).Agreement;
        Check(wanted, permit, agreement);
        var audited = await trail.CommitAsync(
            async scope =>
            {
                if (await request.AnsweredAsync(scope.Catalogue, caller, ct) is { } made)
                {
                    var row = await scope.Catalogue.Requests.SingleAsync(r => r.Id == RequestName.Parse(made).Id, ct);
                    await scope.RecordAsync(Said(caller, permit, row, request) with { Reason = "REPEATED" });
                    return row;
                }

                return await MakeAsync(scope, NewRow(caller, wanted, permit, agreement), caller, permit, validateOnly,
                    request);
            },
            ct);
        return audited.Value;
    }

    async Task<RequestRow> MakeAsync(
        AuditScope scope, RequestRow row, Caller caller, Permit permit, bool validateOnly, RequestKey request)
    {
        if (!validateOnly)
        {
            scope.Catalogue.Requests.Add(row);
            request.Remember(scope.Catalogue, caller, row.Name, clock.GetUtcNow());
        }

        await scope.RecordAsync(
            Said(caller, permit, row, request) with { Reason = validateOnly ? "VALIDATE_ONLY" : "" });
        return row;
    }

    static AuditEvent Said(Caller caller, Permit permit, RequestRow row, RequestKey request) =>
        AuditEvent.Of(AuditActions.MakeRequest, row.Name, caller, permit) with
        {
            RequestId = request.Id,
            Purpose = row.Purpose ?? "",
            ObjectSha256 = SubmissionActs.Digest(row.Text),
            Subjects = [new EventSubject(row.Party, row.Dataset ?? ""), new EventSubject(row.Asker, "")],
        };

    static void Check(NewRequest wanted, Permit permit, SharingAgreement agreement)
    {
        if (string.IsNullOrWhiteSpace(wanted.Text) || wanted.Text.Length > TextLengthMax)
            throw ExchangeException.Invalid(
                "TEXT_LENGTH", $"Say what is asked for, in 1 to {TextLengthMax} characters.");
        if (wanted.Asked.Party == permit.CallerParty)
            throw ExchangeException.Invalid("OWN_PARTY", "A request goes to another authority.");
        var isOnward = wanted.Kind == RequestKind.OnwardDisclosure;
        if (!isOnward && (wanted.Recipient is not null || wanted.Purpose is not null))
            throw ExchangeException.Invalid(
                "NOT_ONWARD_DISCLOSURE", "Only an onward disclosure has a recipient and a purpose.");
        if (isOnward)
            CheckOnward(wanted, agreement);
    }

    static void CheckOnward(NewRequest wanted, SharingAgreement agreement)
    {
        if (string.IsNullOrWhiteSpace(wanted.Recipient) || wanted.Recipient.Length > RecipientLengthMax)
            throw ExchangeException.Invalid(
                "RECIPIENT_REQUIRED", $"Name who is to have it, in 1 to {RecipientLengthMax} characters.");
        if (wanted.Purpose is null)
            throw ExchangeException.Invalid("PURPOSE_REQUIRED", "Name a purpose of the agreement.");
        var dataset = wanted.Dataset ?? agreement.Feeds.FirstOrDefault(f => f.Id == wanted.Feed)?.Dataset
            ?? throw ExchangeException.Invalid("SUBJECT_REQUIRED", "Name the feed or the dataset to pass on.");
        if (agreement.DatasetsOwed.All(d => d.Party != wanted.Asked.Party || d.Dataset != dataset))
            throw ExchangeException.Invalid(
                "NOT_THE_ORIGINATOR", "Only an authority that contributes the dataset can consent.");
    }

    RequestRow NewRow(Caller caller, NewRequest wanted, Permit permit, SharingAgreement agreement)
    {
        var now = clock.GetUtcNow();
        var answerBy = agreement.Requests is { } clause ? LondonTime.Date(now).AddDays(clause.AnswerDays) : default;
        return new RequestRow
        {
            Id = Guid.CreateVersion7(now).ToString("N"),
            Agreement = wanted.Asked.Agreement,
            Party = wanted.Asked.Party,
            Asker = permit.CallerParty,
            AskedBy = caller.Principal.Subject,
            Kind = wanted.Kind,
            Dataset = wanted.Dataset,
            Feed = wanted.Feed,
            PeriodStart = wanted.Period is { } period ? CreateSubmission.Iso(period.Start) : null,
            PeriodEnd = wanted.Period is { } whole ? CreateSubmission.Iso(whole.EndExclusive) : null,
            Text = wanted.Text,
            Recipient = wanted.Recipient,
            Purpose = wanted.Purpose,
            ReceiveTicks = now.UtcTicks,
            AnswerBy = agreement.Requests is null ? null : CreateSubmission.Iso(answerBy),
            State = RequestState.Open,
            Version = 1,
        };
    }
}
