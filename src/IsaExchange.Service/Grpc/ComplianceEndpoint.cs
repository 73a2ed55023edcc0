using System.Globalization;
using Grpc.Core;
using IsaExchange.Exchange;
using IsaExchange.Service.Identity;
using IsaExchange.V1;

namespace IsaExchange.Service.Grpc;

/// <summary>ComplianceService: what is owed, whether it is in, and what is done when it is not.</summary>
sealed class ComplianceEndpoint(
    ReadCompliance compliance, GrantExceptions exceptions, WithholdReturn withhold, SendReminders reminders,
    ReadNotices notices, ComplianceWire wire, PageTokens pages) : ComplianceService.ComplianceServiceBase
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
        response.Obligations.Add(
            owed.Skip(page.Skip).Take(page.Take).Select(v => ComplianceWire.Write(agreement, v)));
        if (page.Skip == 0)
            response.OpenQueries.Add((await compliance.UnexplainedAsync(caller, agreement, request.Party, ct))
                .Select(u => new OpenQueries { Submission = u.Submission, ViolationGroups = { u.Groups } }));
        if (owed.Count > page.Skip + page.Take)
            response.NextPageToken = pages.Next(caller, scope, page);
        return response;
    }

    public override async Task<ComplianceReport> GetComplianceReport(
        GetComplianceReportRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var report = await compliance.ReportAsync(
            caller, AgreementName.Parse(request.Parent), request.Day is null ? null : Wire.Read(request.Day), ct);
        return ComplianceWire.Write(report);
    }

    public override async Task<ObligationException> GrantException(
        GrantExceptionRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var key = Wire.Key(request, request.RequestId, r => r.RequestId = "");
        var asked = request.Exception ?? new ObligationException();
        var wanted = new MoreTime(
            AgreementName.Parse(request.Parent), asked.Party, asked.Dataset, [.. asked.Areas], Wire.Read(asked.Period),
            Wire.Read(asked.UntilDate), asked.Reason, request.ValidateOnly);
        return ComplianceWire.Write(await exceptions.RunAsync(caller, wanted, key, ct));
    }

    public override async Task<ObligationException> RevokeException(
        RevokeExceptionRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var key = Wire.Key(request, request.RequestId, r => r.RequestId = "");
        return ComplianceWire.Write(await exceptions.RevokeAsync(caller, ExceptionName.Parse(request.Name), key, ct));
    }

    public override async Task<ListExceptionsResponse> ListExceptions(
        ListExceptionsRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var scope = string.Create(CultureInfo.InvariantCulture, $"exceptions {request.Parent} {request.OpenOnly}");
        var page = pages.Read(caller, scope, request.PageSize, request.PageToken);
        var rows = await exceptions.ListAsync(caller, AgreementName.Parse(request.Parent), request.OpenOnly, ct);
        var response = new ListExceptionsResponse();
        response.Exceptions.Add(rows.Skip(page.Skip).Take(page.Take).Select(ComplianceWire.Write));
        if (rows.Count > page.Skip + page.Take)
            response.NextPageToken = pages.Next(caller, scope, page);
        return response;
    }

    public override async Task<Withholding> WithholdReturn(WithholdReturnRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var key = Wire.Key(request, request.RequestId, r => r.RequestId = "");
        var asked = request.Withholding ?? new Withholding();
        var wanted = new NewWithholding(
            SubmissionName.ParseParent(request.Parent), [.. asked.Areas], Wire.Read(asked.Period), asked.Reason,
            asked.Note, request.ValidateOnly);
        return ComplianceWire.Write(await withhold.RunAsync(caller, wanted, key, ct));
    }

    public override async Task<SendReminderResponse> SendReminder(
        SendReminderRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var key = Wire.Key(request, request.RequestId, r => r.RequestId = "");
        var rows = await reminders.AskAsync(
            caller, AgreementName.Parse(request.Parent), request.Party, key, ct);
        var response = new SendReminderResponse();
        response.Notices.Add(rows.Select(wire.Write));
        return response;
    }

    public override async Task<ListNoticesResponse> ListNotices(ListNoticesRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var scope = $"notices {request.Parent} {request.Party}";
        var page = pages.Read(caller, scope, request.PageSize, request.PageToken);
        var rows = await notices.ListAsync(
            caller, AgreementName.Parse(request.Parent), request.Party, page.Skip, page.TakeOneMore, ct);
        var response = new ListNoticesResponse();
        response.Notices.Add(rows.Take(page.Take).Select(wire.Write));
        if (rows.Count > page.Take)
            response.NextPageToken = pages.Next(caller, scope, page);
        return response;
    }
}
