using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Service.Identity;
using IsaExchange.TransparencyLog;
using IsaExchange.V1;

namespace IsaExchange.Service.Grpc;

/// <summary>AuditService: who accessed what, and what was destroyed, with proof.</summary>
sealed class AuditEndpoint(ReadAudit audit, ReadErasures erasures, LogReader log, PageTokens pages)
    : AuditService.AuditServiceBase
{
    const int EntriesPerRead = 500;

    public override async Task<ListAccessesResponse> ListAccesses(
        ListAccessesRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var scope = $"accesses {request.Parent} {request.Dataset} {request.SinceTime} {request.UntilTime}";
        var page = pages.Read(caller, scope, request.PageSize, request.PageToken);
        var accesses = await audit.AccessesAsync(
            caller, PartyName.Parse(request.Parent), request.Dataset, request.SinceTime?.ToDateTimeOffset(),
            request.UntilTime?.ToDateTimeOffset(), page.From, page.TakeOneMore, ct);
        var response = new ListAccessesResponse();
        response.Accesses.Add(accesses.Take(page.Take).Select(Write));
        if (accesses.Count > page.Take)
            response.NextPageToken = pages.Next(caller, scope, accesses[page.Take - 1].Position);
        return response;
    }

    public override async Task<GetCheckpointResponse> GetCheckpoint(
        GetCheckpointRequest request, ServerCallContext context)
    {
        var note = await log.CheckpointAsync(request.Size, Call.Of(context).Cancellation);
        return new GetCheckpointResponse { Checkpoint = note
            ?? throw ExchangeException.NotFound("A checkpoint of that size") };
    }

    public override async Task<GetInclusionProofResponse> GetInclusionProof(
        GetInclusionProofRequest request, ServerCallContext context)
    {
        var evidence = await log.InclusionAsync(request.EventId, request.TreeSize, Call.Of(context).Cancellation)
            ?? throw ExchangeException.NotFound("That event below that size");
        var response = new GetInclusionProofResponse { LeafIndex = evidence.Index, LeafHash = Bytes(evidence.Leaf) };
        response.Hashes.Add(evidence.Proof.Select(Bytes));
        return response;
    }

    public override async Task<GetConsistencyProofResponse> GetConsistencyProof(
        GetConsistencyProofRequest request, ServerCallContext context)
    {
        var proof = await log.ConsistencyAsync(request.OldSize, request.NewSize, Call.Of(context).Cancellation)
            ?? throw new ExchangeException(
                ProblemKind.OutOfRange, "SIZE_OUT_OF_RANGE",
                "Sizes go from 1 to the size of the newest checkpoint, the old one first.");
        var response = new GetConsistencyProofResponse();
        response.Hashes.Add(proof.Select(Bytes));
        return response;
    }

    public override async Task ExportLog(
        ExportLogRequest request, IServerStreamWriter<ExportLogResponse> responseStream, ServerCallContext context)
    {
        var call = Call.Of(context);
        var (caller, ct) = call;
        var name = PartyName.Parse(request.Parent);
        var permit = await audit.PermitExportAsync(caller, name, ct);
        call.Recheck(token => audit.RecheckExportAsync(caller, name, permit, token));
        var note = await log.CheckpointAsync(0, ct) ?? throw ExchangeException.Precondition(
            "LOG_EMPTY", "The log has no checkpoint yet. Try again in a second.");
        await responseStream.WriteAsync(new ExportLogResponse { Checkpoint = note }, ct);
        var size = Checkpoint.Parse(note[..(note.IndexOf("\n\n", StringComparison.Ordinal) + 1)]).Size;
        for (var next = 0L; next < size;)
        {
            var entries = await log.EntriesAsync(name.Agreement, name.Party, next, size, EntriesPerRead, ct);
            if (entries.Count == 0)
                throw new InvalidOperationException("The log has fewer entries than its checkpoint says.");
            foreach (var entry in entries)
                await responseStream.WriteAsync(new ExportLogResponse { Entry = Write(entry) }, ct);
            next = entries[^1].Index + 1;
        }
    }

    public override async Task<ListErasuresResponse> ListErasures(
        ListErasuresRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var scope = $"erasures {request.Parent}";
        var page = pages.Read(caller, scope, request.PageSize, request.PageToken);
        var found = await erasures.ListAsync(
            caller, PartyName.Parse(request.Parent), page.Skip, page.TakeOneMore, ct);
        var response = new ListErasuresResponse();
        response.Erasures.Add(found.Take(page.Take).Select(Write));
        if (found.Count > page.Take)
            response.NextPageToken = pages.Next(caller, scope, page);
        return response;
    }

    public override async Task<Erasure> GetErasure(GetErasureRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        return Write(await erasures.GetAsync(caller, ErasureName.Parse(request.Name), ct));
    }

    static Erasure Write(ErasureView view)
    {
        var erasure = new Erasure
        {
            Name = $"{view.Name}",
            OrderTime = Wire.Time(view.Row.OrderTicks),
            EffectiveTime = view.Row.EffectiveTicks is { } effective ? Wire.Time(effective) : null,
            Certificate = view.Row.Note ?? "",
            InclusionProof = view.Proof ?? "",
        };
        erasure.KeyIds.Add(view.Row.KeyIds.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return erasure;
    }

    static LogEntry Write(ShownEntry entry) => new()
    {
        Index = entry.Index,
        Leaf = ByteString.CopyFrom(entry.Leaf),
        EventJson = entry.EventJson ?? "",
        Salt = ByteString.CopyFrom(entry.Salt ?? []),
    };

    static ByteString Bytes(LogHash hash) => ByteString.CopyFrom(hash.ToArray());

    static Access Write(AccessView view)
    {
        var said = view.Event;
        var access = new Access
        {
            Index = view.Index ?? -1,
            EventId = view.EventId,
            Time = Timestamp.FromDateTimeOffset(
                DateTimeOffset.Parse(Text(said, "time"), System.Globalization.CultureInfo.InvariantCulture)),
            Party = Text(said, "party"),
            Actor = Text(said, "actor"),
            ActorName = view.ActorName ?? "",
            Action = Text(said, "action"),
            Object = Text(said, "object"),
            Purpose = Text(said, "purpose"),
            Allowed = Text(said, "decision") == "allow",
            Reason = Text(said, "reason"),
            Rows = (long)said["rows"]!,
            Bytes = (long)said["bytes"]!,
        };
        access.Clauses.Add(said["clauses"]!.AsArray().Select(c => (string)c!));
        return access;
    }

    static string Text(JsonObject said, string field) => (string)said[field]!;
}
