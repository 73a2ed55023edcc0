using Grpc.Core;
using IsaExchange.Exchange;
using IsaExchange.Service.Identity;
using IsaExchange.V1;

namespace IsaExchange.Service.Grpc;

/// <summary>DirectoryService: who answers for an authority, since when and until when.</summary>
sealed class DirectoryEndpoint(
    ReadDirectory directory, DesignateOfficer designations, ReadHandover handover, PageTokens pages,
    TimeProvider clock) : DirectoryService.DirectoryServiceBase
{
    public override async Task<ListOfficersResponse> ListOfficers(
        ListOfficersRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var scope = $"officers {request.Parent} {request.Party}";
        var page = pages.Read(caller, scope, request.PageSize, request.PageToken);
        var found = await directory.RunAsync(caller, AgreementName.Parse(request.Parent), request.Party, ct);
        var response = new ListOfficersResponse();
        response.Officers.Add(found.Officers.Skip(page.Skip).Take(page.Take).Select(
            o => AgreementWire.Officer(found.Agreement, o, clock.GetUtcNow())));
        if (found.Officers.Count > page.Skip + page.Take)
            response.NextPageToken = pages.Next(caller, scope, page);
        if (page.From == 0)
            response.Vacancies.Add(found.Vacancies.Select(Write));
        return response;
    }

    public override async Task<LiaisonOfficer> DesignateOfficer(
        DesignateOfficerRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var wanted = new NewDesignation(PartyName.Parse(request.Parent), request.Person, Deputy: false)
        {
            Name = request.PersonName, Contact = request.Contact, Areas = [.. request.Areas],
            From = Wire.ReadDay(request.From), To = Wire.ReadDay(request.To),
        };
        var (agreement, officer) = await designations.RunAsync(
            caller, wanted, Wire.Key(request, request.RequestId, r => r.RequestId = ""), ct);
        return AgreementWire.Officer(agreement, officer, clock.GetUtcNow());
    }

    public override async Task<LiaisonOfficer> AppointDeputy(AppointDeputyRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var wanted = new NewDesignation(PartyName.Parse(request.Parent), request.Person, Deputy: true)
        {
            Name = request.PersonName, Contact = request.Contact, Areas = [.. request.Areas],
            From = Wire.ReadDay(request.From), To = Wire.ReadDay(request.To),
        };
        var (agreement, officer) = await designations.RunAsync(
            caller, wanted, Wire.Key(request, request.RequestId, r => r.RequestId = ""), ct);
        return AgreementWire.Officer(agreement, officer, clock.GetUtcNow());
    }

    public override async Task<LiaisonOfficer> EndDesignation(EndDesignationRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var (agreement, officer) = await designations.EndAsync(
            caller, PartyName.Parse(request.Parent), request.Clause, request.Reason,
            Wire.Key(request, request.RequestId, r => r.RequestId = ""), ct);
        return AgreementWire.Officer(agreement, officer, clock.GetUtcNow());
    }

    public override async Task<Handover> GetHandover(GetHandoverRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var party = PartyName.Parse(request.Name);
        var response = new Handover();
        response.Items.Add((await handover.RunAsync(caller, party, ct)).Select(i => Write(party, i)));
        return response;
    }

    static V1.HandoverItem Write(PartyName party, Exchange.HandoverItem item)
    {
        var message = new V1.HandoverItem
        {
            Kind = (V1.HandoverItem.Types.Kind)item.Kind,
            Resource = item.Resource.StartsWith("agreements/", StringComparison.Ordinal)
                ? item.Resource
                : $"agreements/{party.Agreement}/{item.Resource}",
            Dataset = item.Dataset,
            What = item.What,
        };
        if (item.Period is { } period)
            message.Period = Wire.Period(period);
        if (item.DueDate is { } due)
            message.DueDate = Wire.Day(due);
        return message;
    }

    static V1.Vacancy Write(IsaExchange.Agreement.Vacancy vacancy)
    {
        var message = new V1.Vacancy { Party = vacancy.Party, DeputyActs = vacancy.DeputyActs };
        message.Areas.Add(vacancy.Areas);
        return message;
    }
}
