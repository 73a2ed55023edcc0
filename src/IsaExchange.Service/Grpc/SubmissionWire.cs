using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.V1;

namespace IsaExchange.Service.Grpc;

/// <summary>Submissions and their faults, as the wire has them.</summary>
static class SubmissionWire
{
    public static V1.Submission Write(SubmissionView view, bool live)
    {
        var row = view.Row;
        var message = new V1.Submission
        {
            Name = row.Name,
            AgreementRevision = row.AgreementRevision,
            Period = Wire.Period(row.PeriodStart, row.PeriodEnd),
            State = live && row.State == SubmissionState.Open
                ? V1.Submission.Types.State.Validating : (V1.Submission.Types.State)row.State,
            ContentKind = row.IsNil ? ContentKind.NilReturn : ContentKind.Table,
            NilReturnReason = row.NilReason ?? "",
            ExpectedSizeBytes = row.ExpectedBytes,
            ExpectedSha256 = Wire.Hex(row.ExpectedSha256),
            Supersedes = row.Supersedes ?? "",
            SupersededBy = row.SupersededBy ?? "",
            CorrectionReason = row.CorrectionReason ?? "",
            CreateTime = Wire.Time(row.CreateTicks),
            ExpireTime = Wire.Time(row.ExpireTicks),
            Etag = row.Version.ToString(System.Globalization.CultureInfo.InvariantCulture),
            RecordCount = row.Records,
            ContentSha256 = Wire.Hex(row.ContentSha256),
            Receipt = Receipt(view),
        };
        message.Areas.Add(row.Areas.Split(','));
        message.WithdrawTime = Time(row.WithdrawTicks);
        message.DestroyTime = Time(row.DestroyTicks);
        message.FreezeTime = Time(row.FreezeTicks);
        message.Acts.Add(view.Acts.Select(act => new SubmissionAct
        {
            Kind = (SubmissionAct.Types.Kind)act.Kind,
            Reason = act.Reason,
            Time = Wire.Time(act.Ticks),
            EventId = act.Event,
        }));
        if (view.Report is { } report)
        {
            message.ViolationSummary = new ViolationSummary
            {
                ErrorCount = report.Errors,
                QueryCount = report.Queries,
                UnexplainedQueryCount = view.UnexplainedQueries,
                Truncated = report.Truncated,
            };
        }

        return message;
    }

    static Receipt? Receipt(SubmissionView view)
    {
        var row = view.Row;
        if (row.SubmitTicks is not { } submitted)
            return null;
        var receipt = new Receipt
        {
            Name = row.Name,
            ContentSha256 = Wire.Hex(row.ContentSha256),
            RecordCount = row.Records,
            SubmitTime = Wire.Time(submitted),
            OnTime = row.DueTicks is not { } due || submitted <= due,
            SignedNote = row.ReceiptNote ?? "",
            EventId = row.SubmitEvent ?? "",
            LeafHash = ByteString.CopyFrom(view.SubmitLeafHash),
            LeafIndex = view.Evidence?.Index ?? -1,
            InclusionProof = view.Evidence?.Proof ?? "",
        };
        if (row.DueTicks is { } ticks)
            receipt.DueTime = Wire.Time(ticks);
        return receipt;
    }

    static Timestamp? Time(long? ticks) => ticks is { } known ? Wire.Time(known) : null;

    public static FreezeSubmissionResponse Freeze(FreezeView view)
    {
        var response = new FreezeSubmissionResponse
        {
            Name = view.Row.Name,
            FreezeTime = Time(view.Row.FreezeTicks),
            NotifyByTime = view.NotifyBy is { } by ? Timestamp.FromDateTimeOffset(by) : null,
            EventId = view.EventId,
        };
        response.Parties.Add(view.Parties);
        response.Releases.Add(view.Releases);
        return response;
    }

    public static UnfreezeSubmissionResponse Unfreeze(FreezeView view)
    {
        var response = new UnfreezeSubmissionResponse { Name = view.Row.Name, EventId = view.EventId };
        response.Releases.Add(view.Releases);
        return response;
    }

    public static V1.Pull Write(Exchange.Pull pull) => new()
    {
        Time = Timestamp.FromDateTimeOffset(pull.Time),
        Party = pull.Party,
        Actor = pull.Actor,
        ActorName = pull.ActorName ?? "",
        Action = pull.Action,
        Object = pull.Resource,
        Purpose = pull.Purpose,
        Rows = pull.Rows,
        SizeBytes = pull.Bytes,
        Finished = pull.Finished,
        Contact = pull.Contact ?? "",
        EventId = pull.EventId,
    };

    /// <exception cref="ExchangeException">INVALID_ARGUMENT for what cannot be said of a submission.</exception>
    public static NewSubmission Read(CreateSubmissionRequest request)
    {
        var wanted = request.Submission ?? throw ExchangeException.Invalid(
            "SUBMISSION_REQUIRED", "Say what is to be submitted.");
        if (wanted.Areas.Count == 0 || wanted.Areas.Distinct(StringComparer.Ordinal).Count() != wanted.Areas.Count)
            throw ExchangeException.Invalid("AREAS_REQUIRED", "Name each area that this upload is owed to, once.");
        if (wanted.ExpectedSha256.Length is not (0 or 32))
            throw ExchangeException.Invalid("SHA256_LENGTH", "A SHA-256 has 32 bytes.");
        return new NewSubmission(
            SubmissionName.ParseParent(request.Parent), Wire.Read(wanted.Period),
            [.. wanted.Areas.Order(StringComparer.Ordinal)])
        {
            NilReason = wanted.ContentKind switch
            {
                ContentKind.Table => null,
                ContentKind.NilReturn => wanted.NilReturnReason,
                _ => throw ExchangeException.Invalid(
                    "CONTENT_KIND_REQUIRED", "Say whether this is a table or a nil return."),
            },
            ExpectedBytes = wanted.ExpectedSizeBytes,
            ExpectedSha256 = wanted.ExpectedSha256.Length == 0
                ? null : Convert.ToHexStringLower(wanted.ExpectedSha256.Span),
            Supersedes = wanted.Supersedes.Length == 0 ? null : SubmissionName.Parse(wanted.Supersedes),
            CorrectionReason = wanted.CorrectionReason.Length == 0 ? null : wanted.CorrectionReason,
            ValidateOnly = request.ValidateOnly,
        };
    }
}
