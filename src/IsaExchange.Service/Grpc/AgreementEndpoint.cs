using Grpc.Core;
using IsaExchange.Agreement;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Register;
using IsaExchange.Service.Identity;
using IsaExchange.V1;

namespace IsaExchange.Service.Grpc;

/// <summary>The journeys behind AgreementService.</summary>
sealed record AgreementJourneys(
    ReadAgreement Read, ProposeRevision Propose, CommentRevision Comment, SignRevision Sign, GovernAgreement Govern,
    WithdrawParty Withdraw);

/// <summary>AgreementService: agreements and their revisions, and what they would decide.</summary>
sealed class AgreementEndpoint(
    AgreementJourneys journeys, ReadCompliance compliance, AgreementGate gate, SubmissionAccess access,
    PageTokens pages, TimeProvider clock) : AgreementService.AgreementServiceBase
{
    public override async Task<V1.Agreement> GetAgreement(GetAgreementRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        return Whole(await journeys.Read.RunAsync(caller, RevisionName.Parse(request.Name), ct));
    }

    public override async Task<ListAgreementsResponse> ListAgreements(
        ListAgreementsRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var page = pages.Read(caller, "agreements", request.PageSize, request.PageToken);
        var views = await journeys.Read.ListAsync(caller, ct);
        var response = new ListAgreementsResponse();
        response.Agreements.Add(views.Skip(page.Skip).Take(page.Take).Select(AgreementWire.Summary));
        if (views.Count > page.Skip + page.Take)
            response.NextPageToken = pages.Next(caller, "agreements", page);
        return response;
    }

    public override async Task<ListRevisionsResponse> ListRevisions(
        ListRevisionsRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var scope = "revisions " + request.Name;
        var page = pages.Read(caller, scope, request.PageSize, request.PageToken);
        var views = await journeys.Read.RevisionsAsync(caller, AgreementName.Parse(request.Name), ct);
        var response = new ListRevisionsResponse();
        response.Revisions.Add(views.Skip(page.Skip).Take(page.Take).Select(AgreementWire.Summary));
        if (views.Count > page.Skip + page.Take)
            response.NextPageToken = pages.Next(caller, scope, page);
        return response;
    }

    public override async Task<CheckAccessResponse> CheckAccess(CheckAccessRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var agreement = AgreementName.Parse(request.Agreement);
        if (!VerbNames.TryParse(request.Verb, out var verb))
            throw ExchangeException.Invalid(
                "UNKNOWN_VERB", $"There is no such verb. Verbs: {string.Join(", ", VerbNames.All)}.");
        var asked = Resource(gate.Request(caller, verb), agreement, request.Resource) with
        {
            Purpose = request.Purpose.Length == 0 ? null : request.Purpose,
            Areas = [.. request.Areas],
            Period = request.Period is null ? null : Wire.Read(request.Period),
        };
        if (request.Resource.Contains("/submissions/", StringComparison.Ordinal))
            asked = await access.AboutAsync(asked, SubmissionName.Parse(request.Resource), ct);
        var decision = await compliance.CheckAsync(caller, agreement, asked, ct);
        var response = new CheckAccessResponse { Revision = decision.Revision };
        if (decision is Permit permit)
        {
            response.Allowed = true;
            response.Clauses.Add(permit.Clauses);
            return response;
        }

        var refusal = (Refusal)decision;
        if (!refusal.ResourceKnownToCaller)
            throw ExchangeException.NotFound(SubmissionName.Quoted(request.Resource));
        response.Clauses.Add(refusal.Clause);
        response.Reason = refusal.Reason;
        response.Explanation = refusal.Explanation;
        response.Contact = refusal.Contact ?? "";
        return response;
    }

    /// <summary>Reads what a resource name says about party, dataset and feed; the empty name is the agreement
    /// itself.</summary>
    static AccessRequest Resource(AccessRequest asked, string agreement, string name) => name.Split('/') switch
    {
        [""] => asked,
        ["agreements", var a] when a == agreement => asked,
        ["agreements", var a, "parties", var party, ..] when a == agreement => asked with
        {
            Party = party,
            Dataset = name.Split('/') is [_, _, _, _, "datasets", var dataset, ..] ? dataset : null,
        },
        ["agreements", var a, "feeds", var feed, ..] when a == agreement => asked with { Feed = feed },
        ["feeds", var feed, ..] => asked with { Feed = feed },
        _ => throw ExchangeException.NotFound(SubmissionName.Quoted(name)),
    };

    public override async Task<ProposeRevisionResponse> ProposeRevision(
        ProposeRevisionRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var proposal = await journeys.Propose.RunAsync(
            caller, AgreementName.Parse(request.Agreement), request.Source.ToByteArray(), request.ValidateOnly,
            Wire.Key(request, request.RequestId, r => r.RequestId = ""), ct);
        var response = new ProposeRevisionResponse();
        response.Faults.Add(proposal.Faults.Select(f => new V1.AgreementFault
        {
            Line = f.Line, Clause = f.Clause, Message = f.Message, Remedy = f.Remedy,
        }));
        if (proposal.View is { } view)
            response.Revision = AgreementWire.Summary(view);
        return response;
    }

    public override async Task<V1.Agreement> OpenConsultation(
        OpenConsultationRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        return AgreementWire.Summary(await journeys.Govern.OpenConsultationAsync(
            caller, RevisionName.ParseWhole(request.Name),
            Wire.Key(request, request.RequestId, r => r.RequestId = ""), ct));
    }

    public override async Task<V1.Agreement> OpenSigning(OpenSigningRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        return AgreementWire.Summary(await journeys.Govern.OpenSigningAsync(
            caller, RevisionName.ParseWhole(request.Name),
            Wire.Key(request, request.RequestId, r => r.RequestId = ""), ct));
    }

    public override async Task<Comment> CommentRevision(CommentRevisionRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var (view, comment) = await journeys.Comment.RunAsync(
            caller, RevisionName.ParseWhole(request.Name), request.Text,
            Wire.Key(request, request.RequestId, r => r.RequestId = ""), ct);
        return Write(view, comment);
    }

    public override async Task<ListCommentsResponse> ListComments(
        ListCommentsRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var scope = "comments " + request.Name;
        var page = pages.Read(caller, scope, request.PageSize, request.PageToken);
        var said = await journeys.Comment.ListAsync(
            caller, RevisionName.ParseWhole(request.Name), page.Skip, page.TakeOneMore, ct);
        var response = new ListCommentsResponse();
        response.Comments.Add(said.Comments.Take(page.Take).Select(c => Write(said.View, c)));
        if (said.Comments.Count > page.Take)
            response.NextPageToken = pages.Next(caller, scope, page);
        if (page.From > 0)
            return response;
        var agreement = said.View.Agreement;
        response.Readings.Add(said.Readings.Select(r => new Reading
        {
            Party = r.Party,
            Person = new Principal(r.Subject).Person is { } person ? AgreementWire.NameOf(agreement, person) : r.Party,
            FirstTime = Wire.Time(r.Ticks),
        }));
        response.UnreadParties.Add(agreement.Parties.Select(p => p.Id)
            .Except(said.Readings.Select(r => r.Party), StringComparer.Ordinal));
        return response;
    }

    public override async Task<V1.Agreement> SignRevision(SignRevisionRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var proof = new SignedStatement(request.Statement, request.Signature.ToByteArray(), request.Certificate);
        return AgreementWire.Summary(await journeys.Sign.RunAsync(
            caller, RevisionName.ParseWhole(request.Name), proof,
            Wire.Key(request, request.RequestId, r => r.RequestId = ""), ct));
    }

    public override async Task<V1.Agreement> ActivateRevision(
        ActivateRevisionRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        return AgreementWire.Summary(await journeys.Govern.ActivateAsync(
            caller, RevisionName.ParseWhole(request.Name), request.ValidateOnly,
            Wire.Key(request, request.RequestId, r => r.RequestId = ""), ct));
    }

    public override async Task<V1.Agreement> SuspendAgreement(
        SuspendAgreementRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        return AgreementWire.Summary(await journeys.Govern.SuspendAsync(
            caller, RevisionName.Parse(request.Name), request.Reason,
            Wire.Key(request, request.RequestId, r => r.RequestId = ""), ct));
    }

    public override async Task<V1.Agreement> ResumeAgreement(ResumeAgreementRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        return AgreementWire.Summary(await journeys.Govern.ResumeAsync(
            caller, RevisionName.Parse(request.Name), request.Reason,
            Wire.Key(request, request.RequestId, r => r.RequestId = ""), ct));
    }

    public override async Task<V1.Agreement> RetireAgreement(RetireAgreementRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        return AgreementWire.Summary(await journeys.Govern.RetireAsync(
            caller, RevisionName.Parse(request.Name), request.Reason,
            Wire.Key(request, request.RequestId, r => r.RequestId = ""), ct));
    }

    public override async Task<WithdrawPartyResponse> WithdrawParty(
        WithdrawPartyRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var last = await journeys.Withdraw.RunAsync(
            caller, PartyName.Parse(request.Name), Wire.ReadDay(request.LastDay), request.Reason,
            Wire.Key(request, request.RequestId, r => r.RequestId = ""), ct);
        return new WithdrawPartyResponse { LastDay = Wire.Day(last) };
    }

    V1.Agreement Whole(RevisionView view) => AgreementWire.Whole(view, clock.GetUtcNow());

    static Comment Write(RevisionView view, Exchange.Storage.Catalogue.CommentRow row) => new()
    {
        Party = row.Party,
        Person = AgreementWire.NameOf(view.Agreement, row.Person),
        Text = row.Text,
        Time = Wire.Time(row.Ticks),
    };
}
