using System.Globalization;
using Grpc.Core;
using IsaExchange.Agreement;
using IsaExchange.Agreement.Obligations;
using IsaExchange.Exchange;
using IsaExchange.Service.Identity;
using IsaExchange.V1;

namespace IsaExchange.Service.Grpc;

/// <summary>ComplianceService: what is owed, and whether it is in.</summary>
sealed class ComplianceEndpoint(ReadCompliance compliance, PageTokens pages) : ComplianceService.ComplianceServiceBase
{
    public override async Task<ListObligationsResponse> ListObligations(
        ListObligationsRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var scope = string.Create(
            CultureInfo.InvariantCulture,
            $"obligations {request.Parent} {request.Party} {request.OpenOnly} {request.Period}");
        var page = pages.Read(caller, scope, request.PageSize, request.PageToken);
        var agreement = AgreementName.Parse(request.Parent);
        var owed = await compliance.ObligationsAsync(
            caller, agreement, request.Party, request.OpenOnly,
            request.Period is null ? null : Wire.Read(request.Period), ct);
        var response = new ListObligationsResponse();
        response.Obligations.Add(owed.Skip(page.Skip).Take(page.Take).Select(v => Write(agreement, v)));
        if (owed.Count > page.Skip + page.Take)
            response.NextPageToken = pages.Next(caller, scope, page);
        return response;
    }

    static V1.Obligation Write(string agreement, ObligationView view)
    {
        var (owed, standing) = (view.Obligation, view.Standing);
        var message = new V1.Obligation
        {
            Name = $"agreements/{agreement}/obligations/{owed.Id}",
            Party = owed.Party,
            Dataset = owed.Dataset,
            Area = owed.Area,
            Period = Wire.Period(owed.Period),
            DueDate = Wire.Day(owed.DueDate),
            LegalBasis = owed.LegalBasis,
            Clause = owed.Clause,
            MonthsReceived = standing.MonthsReceived,
            MonthsOwed = standing.MonthsOwed,
            State = standing.State switch
            {
                ObligationState.NotYetDue => V1.Obligation.Types.State.NotYetDue,
                ObligationState.Due => V1.Obligation.Types.State.Due,
                ObligationState.Overdue => V1.Obligation.Types.State.Overdue,
                ObligationState.Fulfilled => V1.Obligation.Types.State.Fulfilled,
                ObligationState.FulfilledLate => V1.Obligation.Types.State.FulfilledLate,
                ObligationState.Nil => V1.Obligation.Types.State.Nil,
                _ => throw new InvalidOperationException("A standing the wire does not have."),
            },
        };
        message.Submissions.Add(standing.Submissions);
        return message;
    }
}
