using System.Globalization;
using Grpc.Core;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Service.Identity;
using IsaExchange.V1;
using Kind = IsaExchange.V1.InformationRequest.Types.Kind;
using State = IsaExchange.V1.InformationRequest.Types.State;

namespace IsaExchange.Service.Grpc;

/// <summary>RequestService: the register of requests for information.</summary>
sealed class RequestEndpoint(RequestInformation make, AnswerRequest answer, ReadRequests read, PageTokens pages)
    : RequestService.RequestServiceBase
{
    public override async Task<InformationRequest> MakeRequest(MakeRequestRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var key = Wire.Key(request, request.RequestId, r => r.RequestId = "");
        var wanted = Read(request);
        var row = await make.RunAsync(caller, wanted, request.ValidateOnly, key, ct);
        return RequestWire.Write(read.View(row));
    }

    public override async Task<InformationRequest> GetRequest(GetRequestRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        return RequestWire.Write(await read.GetAsync(caller, RequestName.Parse(request.Name), ct));
    }

    public override async Task<ListRequestsResponse> ListRequests(
        ListRequestsRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var scope = string.Create(CultureInfo.InvariantCulture, $"requests {request.Parent} {request.OpenOnly}");
        var page = pages.Read(caller, scope, request.PageSize, request.PageToken);
        var views = await read.ListAsync(caller, PartyName.Parse(request.Parent), request.OpenOnly, ct);
        var response = new ListRequestsResponse();
        response.InformationRequests.Add(views.Skip(page.Skip).Take(page.Take).Select(RequestWire.Write));
        if (views.Count > page.Skip + page.Take)
            response.NextPageToken = pages.Next(caller, scope, page);
        return response;
    }

    public override async Task<InformationRequest> AnswerRequest(
        AnswerRequestRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var key = Wire.Key(request, request.RequestId, r => r.RequestId = "");
        var said = new RequestAnswer((RequestState)request.Outcome, request.Text)
        {
            Refusal = request.RefusalReason == InformationRequest.Types.RefusalReason.Unspecified
                ? null
                : Enum.IsDefined((RequestRefusal)request.RefusalReason)
                    ? (RequestRefusal)request.RefusalReason
                    : throw ExchangeException.Invalid("REFUSAL_REASON", "The reason is not on the closed list."),
            Until = request.UntilDate is null ? null : Wire.Read(request.UntilDate),
        };
        var row = await answer.RunAsync(
            caller, RequestName.Parse(request.Name), said, request.ValidateOnly, key, ct);
        return RequestWire.Write(read.View(row));
    }

    static NewRequest Read(MakeRequestRequest request)
    {
        var wanted = request.InformationRequest ?? throw ExchangeException.Invalid(
            "REQUEST_REQUIRED", "Say what is asked for.");
        if (wanted.Kind == Kind.Unspecified || !Enum.IsDefined((RequestKind)wanted.Kind))
            throw ExchangeException.Invalid(
                "KIND_REQUIRED", "A request is for information, onward disclosure or under freedom of information.");
        return new NewRequest(PartyName.Parse(request.Parent), (RequestKind)wanted.Kind, wanted.Text)
        {
            Dataset = Said(wanted.Dataset),
            Feed = Said(wanted.Feed),
            Period = wanted.Period is null ? null : Wire.Read(wanted.Period),
            Recipient = Said(wanted.Recipient),
            Purpose = Said(wanted.Purpose),
        };
    }

    static string? Said(string text) => text.Length == 0 ? null : text;
}

/// <summary>Requests and consents, as the wire has them.</summary>
static class RequestWire
{
    public static InformationRequest Write(RequestView view)
    {
        var row = view.Row;
        var message = new InformationRequest
        {
            Name = row.Name,
            Kind = (Kind)row.Kind,
            Asker = row.Asker,
            Dataset = row.Dataset ?? "",
            Feed = row.Feed ?? "",
            Text = row.Text,
            Recipient = row.Recipient ?? "",
            Purpose = row.Purpose ?? "",
            State = (State)row.State,
            ReceiveTime = Wire.Time(row.ReceiveTicks),
            Overdue = view.IsOverdue,
            AnsweredLate = view.IsAnsweredLate,
            Answer = row.Answer ?? "",
            RefusalReason = row.Refusal is { } reason
                ? (InformationRequest.Types.RefusalReason)reason
                : InformationRequest.Types.RefusalReason.Unspecified,
            Contact = view.Contact ?? "",
            FreedomOfInformationNote = view.FoiNote,
            Etag = row.Version.ToString(CultureInfo.InvariantCulture),
        };
        if (row is { PeriodStart: { } start, PeriodEnd: { } end })
            message.Period = Wire.Period(start, end);
        if (row.AnswerBy is { } by)
            message.AnswerByDate = Wire.Day(by);
        if (row.AnswerTicks is { } ticks)
            message.AnswerTime = Wire.Time(ticks);
        if (row.Until is { } until)
            message.UntilDate = Wire.Day(until);
        return message;
    }

    public static OnwardConsent Consent(RequestRow row) => new()
    {
        Request = row.Name,
        Originator = row.Party,
        Asker = row.Asker,
        Recipient = row.Recipient ?? "",
        Purpose = row.Purpose ?? "",
        UntilDate = Wire.Day(row.Until ?? ""),
    };
}
