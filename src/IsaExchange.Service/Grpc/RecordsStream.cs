using Google.Protobuf;
using Grpc.Core;
using IsaExchange.Exchange;
using IsaExchange.Service.Identity;
using IsaExchange.V1;

namespace IsaExchange.Service.Grpc;

/// <summary>
/// Sends records: what will come, the data, and last what came, so that a receiver can tell whole from cut.
/// </summary>
sealed class RecordsStream(ReadRecords read)
{
    public async Task SendAsync(
        Call call, ReadRecordsRequest request, IServerStreamWriter<ReadRecordsResponse> responses)
    {
        var (caller, ct) = call;
        var opened = await read.OpenAsync(caller, Read(request), ct);
        call.Recheck(opened.RecheckAsync);
        var sent = await opened.SendAsync(
            () => responses.WriteAsync(new ReadRecordsResponse { Head = Head(opened.Selected) }, ct),
            data => responses.WriteAsync(new ReadRecordsResponse { Data = ByteString.CopyFrom(data.Span) }, ct),
            ct);
        var end = new RecordsEnd
        {
            RowCount = sent.Rows, SizeBytes = sent.Bytes, Sha256 = UnsafeByteOperations.UnsafeWrap(sent.Sha256),
        };
        await responses.WriteAsync(new ReadRecordsResponse { End = end }, ct);
    }

    static RecordsAsked Read(ReadRecordsRequest request) =>
        new(SubmissionName.ParseParent(request.Parent), Wire.Read(request.Period),
            [.. request.Areas.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)])
        {
            Columns = [.. request.Columns.Distinct(StringComparer.Ordinal)],
            Purpose = request.Purpose,
        };

    static RecordsHead Head(RecordsSelected selected)
    {
        var head = new RecordsHead { AgreementRevision = selected.Revision };
        head.Columns.Add(selected.Columns);
        head.MissingAreas.Add(selected.MissingAreas);
        head.Sources.Add(selected.Parts.Select(part =>
        {
            var row = part.Row;
            var source = new RecordsSource
            {
                Submission = row.Name,
                Period = Wire.Period(row.PeriodStart, row.PeriodEnd),
                ContentSha256 = Wire.Hex(row.ContentSha256),
                NilReturn = row.IsNil,
                EventId = part.EventId,
            };
            source.Areas.Add(row.Areas.Split(','));
            return source;
        }));
        return head;
    }
}
