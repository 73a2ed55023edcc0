using Grpc.Core;
using IsaExchange.Agreement;
using IsaExchange.Exchange;
using IsaExchange.Service.Identity;
using IsaExchange.V1;

namespace IsaExchange.Service.Grpc;

/// <summary>AgreementService: the agreement in force, and what it would decide.</summary>
sealed class AgreementEndpoint(ReadCompliance compliance, AgreementGate gate) : AgreementService.AgreementServiceBase
{
    public override async Task<V1.Agreement> GetAgreement(GetAgreementRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        return Write(await compliance.AgreementAsync(caller, AgreementName.Parse(request.Name), ct));
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
        };
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

    static V1.Agreement Write(SharingAgreement agreement)
    {
        var message = new V1.Agreement
        {
            Name = "agreements/" + agreement.Id,
            Title = agreement.Title,
            Revision = agreement.Revision,
            From = Wire.Day(agreement.From),
            To = Wire.Day(agreement.To),
            ReviewDue = Wire.Day(agreement.ReviewDue),
            SourceYaml = agreement.SourceYaml,
        };
        message.Purposes.Add(agreement.Purposes.Select(p => p.Id));
        message.Datasets.Add(agreement.DatasetsOwed.Select(d => d.Dataset).Distinct(StringComparer.Ordinal));
        message.Areas.Add(agreement.Areas.Select(a => new Area { Code = a.Code, Title = a.Title, Kind = a.Kind }));
        foreach (var party in agreement.Parties)
        {
            var written = new Party { Id = party.Id, Title = party.Title, Kind = party.Kind };
            written.Areas.Add(party.Areas);
            message.Parties.Add(written);
        }

        var people = agreement.People.ToDictionary(p => p.Id, StringComparer.Ordinal);
        message.Officers.Add(agreement.Officers.Select(o => new LiaisonOfficer
        {
            Party = o.Party,
            Person = people[o.Person].Name,
            Contact = people[o.Person].Contact,
            Deputy = o.Deputy,
            From = Wire.Day(o.From),
            To = Wire.Day(o.To),
        }));
        return message;
    }
}
