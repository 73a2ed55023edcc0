using Google.Protobuf;
using Grpc.Core;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Submitting;
using IsaExchange.Service.Identity;
using IsaExchange.V1;

namespace IsaExchange.Service.Grpc;

/// <summary>SubmissionService: the wire on one side, the journeys on the other, nothing between.</summary>
[BindServiceMethod(typeof(SubmissionBinding), nameof(SubmissionBinding.BindService))]
sealed class SubmissionEndpoint(
    CreateSubmission create, ReceiveContent receive, SubmitDataset submit, ReadSubmission read, ExplainQueries explain,
    ReadEffect effect, ExportRecords export,
    WithdrawDataset withdraw, FreezeDataset freeze, ReadRecall recall, RecordsStream records,
    UploadSessions uploads, ContentStream contents, PageTokens pages) : SubmissionService.SubmissionServiceBase
{
    const int ExportMessageBytes = 256 << 10;

    public override async Task<V1.Submission> CreateSubmission(
        CreateSubmissionRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var key = Wire.Key(request, request.RequestId, r => r.RequestId = "");
        var row = await create.RunAsync(caller, SubmissionWire.Read(request), key, ct);
        return request.ValidateOnly
            ? SubmissionWire.Write(new SubmissionView(row, null, 0, null, []), live: false)
            : await ViewAsync(row.Name, ct);
    }

    public override async Task<V1.Submission> GetSubmission(GetSubmissionRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var view = await read.GetAsync(caller, SubmissionName.Parse(request.Name), ct);
        return SubmissionWire.Write(view, uploads.IsLive(view.Row.Id));
    }

    public override async Task<ListSubmissionsResponse> ListSubmissions(
        ListSubmissionsRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var scope = "submissions " + request.Parent;
        var page = pages.Read(caller, scope, request.PageSize, request.PageToken);
        var (views, hasMore) = await read.ListAsync(
            caller, SubmissionName.ParseParent(request.Parent), page.Skip, page.Take, ct);
        var response = new ListSubmissionsResponse();
        response.Submissions.Add(views.Select(v => SubmissionWire.Write(v, uploads.IsLive(v.Row.Id))));
        if (hasMore)
            response.NextPageToken = pages.Next(caller, scope, page);
        return response;
    }

    public override async Task<WriteContentResponse> WriteContent(
        IAsyncStreamReader<WriteContentRequest> requestStream, ServerCallContext context)
    {
        var call = Call.Of(context);
        return await AnswerAsync(await contents.ReceiveAsync(call, requestStream), call.Cancellation);
    }

    public override async Task<WriteContentResponse> AppendContent(
        WriteContentRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        return await AnswerAsync(await contents.AppendAsync(caller, request, ct), ct);
    }

    public override async Task<QueryWriteStatusResponse> QueryWriteStatus(
        QueryWriteStatusRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var progress = await receive.StatusAsync(caller, SubmissionName.Parse(request.Name), ct);
        return new QueryWriteStatusResponse { PersistedSize = progress.Persisted, Complete = progress.Complete };
    }

    public override async Task<V1.Submission> SubmitSubmission(
        SubmitSubmissionRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var key = Wire.Key(request, request.RequestId, r => r.RequestId = "");
        var row = await submit.RunAsync(caller, SubmissionName.Parse(request.Name), request.Etag, key, ct);
        return await ViewAsync(row.Name, ct);
    }

    public override async Task<ListViolationsResponse> ListViolations(
        ListViolationsRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var scope = "violations " + request.Parent;
        var page = pages.Read(caller, scope, request.PageSize, request.PageToken);
        var isFirst = page.Skip == 0;
        var view = await read.ViolationsAsync(caller, SubmissionName.Parse(request.Parent), isFirst, ct);
        var response = new ListViolationsResponse();
        response.Violations.Add(view.Violations.Skip(page.Skip).Take(page.Take)
            .Select((v, i) => QueryWire.Write(v, request.Parent, page.Skip + i + 1)));
        if (isFirst)
            QueryWire.AddTo(response, view, request.Parent);
        if (view.Violations.Count > page.Skip + page.Take)
            response.NextPageToken = pages.Next(caller, scope, page);
        return response;
    }

    public override async Task<V1.ViolationGroup> ExplainViolationGroup(
        ExplainViolationGroupRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var key = Wire.Key(request, request.RequestId, r => r.RequestId = "");
        var (submission, group) = QueryWire.Group(request.Name);
        var explained = await explain.ExplainAsync(
            caller, SubmissionName.Parse(submission), group, request.Explanation, Wire.ReadDay(request.UntilDate), key,
            ct);
        return QueryWire.Write(explained, submission);
    }

    public override async Task<V1.ViolationGroup> EndExplanation(
        EndExplanationRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var key = Wire.Key(request, request.RequestId, r => r.RequestId = "");
        var (submission, group) = QueryWire.Group(request.Name);
        return QueryWire.Write(
            await explain.EndAsync(caller, SubmissionName.Parse(submission), group, key, ct), submission);
    }

    public override async Task<SubmissionEffect> ReadEffect(ReadEffectRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        return QueryWire.Write(await effect.RunAsync(caller, SubmissionName.Parse(request.Name), ct));
    }

    public override async Task ExportContent(
        ExportContentRequest request, IServerStreamWriter<ExportContentResponse> responseStream,
        ServerCallContext context)
    {
        var call = Call.Of(context);
        var (caller, ct) = call;
        await using var exported = await export.RunAsync(
            caller, SubmissionName.Parse(request.Name), request.Recipient, request.Purpose, ct);
        call.Recheck(exported.RecheckAsync);
        await responseStream.WriteAsync(new ExportContentResponse { Data = ByteString.CopyFrom(exported.Header) }, ct);
        await Streams.CopyAsync(
            exported.Payload, ExportMessageBytes, data => responseStream.WriteAsync(
                new ExportContentResponse { Data = data }, ct), ct);
    }

    public override Task ReadRecords(
        ReadRecordsRequest request, IServerStreamWriter<ReadRecordsResponse> responseStream,
        ServerCallContext context) => records.SendAsync(Call.Of(context), request, responseStream);

    public override async Task<V1.Submission> WithdrawSubmission(
        WithdrawSubmissionRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var key = Wire.Key(request, request.RequestId, r => r.RequestId = "");
        var row = await withdraw.RunAsync(
            caller, SubmissionName.Parse(request.Name), request.Reason, request.ValidateOnly, key, ct);
        return await ViewAsync(row.Name, ct);
    }

    public override async Task<FreezeSubmissionResponse> FreezeSubmission(
        FreezeSubmissionRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var key = Wire.Key(request, request.RequestId, r => r.RequestId = "");
        return SubmissionWire.Freeze(await freeze.FreezeAsync(
            caller, SubmissionName.Parse(request.Name), request.Reason, request.ValidateOnly, key, ct));
    }

    public override async Task<UnfreezeSubmissionResponse> UnfreezeSubmission(
        UnfreezeSubmissionRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var key = Wire.Key(request, request.RequestId, r => r.RequestId = "");
        return SubmissionWire.Unfreeze(await freeze.UnfreezeAsync(
            caller, SubmissionName.Parse(request.Name), request.Reason, request.ValidateOnly, key, ct));
    }

    public override async Task<ReadRecallResponse> ReadRecall(ReadRecallRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var scope = "recall " + request.Name;
        var page = pages.Read(caller, scope, request.PageSize, request.PageToken);
        var pulls = await recall.RunAsync(caller, SubmissionName.Parse(request.Name), ct);
        var response = new ReadRecallResponse();
        response.Pulls.Add(pulls.Skip(page.Skip).Take(page.Take).Select(SubmissionWire.Write));
        if (pulls.Count > page.Skip + page.Take)
            response.NextPageToken = pages.Next(caller, scope, page);
        return response;
    }

    async Task<WriteContentResponse> AnswerAsync(WriteProgress progress, CancellationToken ct) => new()
    {
        PersistedSize = progress.Persisted,
        Submission = await ViewAsync(progress.Submission.Name, ct),
    };

    async Task<V1.Submission> ViewAsync(string name, CancellationToken ct)
    {
        var view = await read.ViewAsync(SubmissionName.Parse(name), ct);
        return SubmissionWire.Write(view, uploads.IsLive(view.Row.Id));
    }
}
