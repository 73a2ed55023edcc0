using System.Globalization;
using System.Text.Json.Nodes;
using IsaExchange.Agreement;

namespace IsaExchange.Exchange.Auditing;

/// <summary>The closed list of what can be said in the log.</summary>
public static class AuditActions
{
    public const string CreateSubmission = "submit.create";
    public const string WriteContent = "submit.write";
    public const string ContentRefused = "submit.needs_correction";
    public const string ContentReady = "submit.ready";
    public const string Submit = "submit.submit";
    public const string Explain = "submit.explain";
    public const string EndExplanation = "submit.end_explanation";
    public const string Expire = "submit.expire";
    public const string ReadSubmission = "read.submission";
    public const string ReadAgreement = "read.agreement";
    public const string ReadObligations = "read.obligations";
    public const string ReadCompliance = "read.compliance";
    public const string ReadNotices = "read.notices";
    public const string GrantException = "exception.grant";
    public const string RevokeException = "exception.revoke";
    public const string WithholdReturn = "return.withhold";
    public const string SendReminder = "notify.remind";
    public const string QueueNotice = "notify.queue";
    public const string NoticeSent = "notify.sent";
    public const string NoticeFailed = "notify.failed";
    public const string ListFeeds = "read.feeds";
    public const string ReadRelease = "read.release";
    public const string ReadReleaseFile = "read.release_file";
    public const string ReadTable = "read.release_table";
    public const string CompareReleases = "read.release_compare";
    public const string ExportRecords = "export.records";
    public const string ReadRecords = "read.records";
    public const string ReadRecordsDone = "read.records_done";
    public const string WithdrawSubmission = "submit.withdraw";
    public const string DestroyContent = "submit.content_destroyed";
    public const string FreezeSubmission = "submit.freeze";
    public const string UnfreezeSubmission = "submit.unfreeze";
    public const string ReadRecall = "read.recall";
    public const string MakeRequest = "request.make";
    public const string AnswerRequest = "request.answer";
    public const string ReadRequests = "read.requests";
    public const string PublishRelease = "release.publish";
    public const string ProposeRelease = "release.propose";
    public const string ApproveRelease = "release.approve";
    public const string RejectRelease = "release.reject";
    public const string RetractRelease = "release.retract";
    public const string EraseReleaseSecrets = "release.secrets_erased";
    public const string ReadProposals = "read.proposals";

    /// <summary>A release was put where engines read it open, or taken away from there.</summary>
    public const string MirrorRelease = "release.mirror";
    public const string CheckAccess = "agreement.check_access";
    public const string LoadAgreement = "agreement.load";
    public const string ProposeRevision = "agreement.propose";
    public const string MoveRevision = "agreement.stage";
    public const string CommentRevision = "agreement.comment";
    public const string SignRevision = "agreement.sign";
    public const string ActivateRevision = "agreement.activate";
    public const string SuspendAgreement = "agreement.suspend";
    public const string ResumeAgreement = "agreement.resume";
    public const string RetireAgreement = "agreement.retire";
    public const string WithdrawParty = "agreement.withdraw_party";
    public const string DesignateOfficer = "officer.designate";
    public const string AppointDeputy = "officer.appoint_deputy";
    public const string EndDesignation = "officer.end";
    public const string ReadHandover = "read.handover";
    public const string EnrolCredential = "grant.credential";
    public const string RenewCredential = "grant.renewal";
    public const string RevokeCredential = "revoke.credential";
    public const string ReadCredentials = "read.credentials";
    public const string LinkIdentity = "grant.identity";
    public const string UnlinkIdentity = "revoke.identity";
    public const string ReadAudit = "audit.read";
    public const string ReadErasures = "read.erasures";
    public const string ExportLog = "audit.export";

    /// <summary>A stored object was found damaged or gone.</summary>
    public const string ObjectDamaged = "storage.damaged";
    public const string EraseSubmission = "submit.erase";
    public const string RotateKey = "key.rotate";
    public const string RewrapHeaders = "key.rewrap";
    public const string DisableKey = "key.disable";
    public const string OrderDestruction = "key.destroy_ordered";
    public const string DestroyKey = "key.destroy";
    public const string AuthenticationRefused = "auth.refused";
}

/// <summary>Whose dataset an event touched.</summary>
public readonly record struct EventSubject(string Party, string Dataset);

/// <summary>
/// One line of the log before it is written. Holds names, counts and codes only: no cell value, no person's name
/// (the actor becomes a pseudonym when it is written).
/// </summary>
public sealed record AuditEvent(string Action, string Resource)
{
    /// <summary>Subject of the caller's credential; null for the exchange itself.</summary>
    public string? ActorSubject { get; init; }

    public string Party { get; init; } = "";

    public string Agreement { get; init; } = "";

    public string Revision { get; init; } = "";

    public IReadOnlyList<string> Clauses { get; init; } = [];

    public string Purpose { get; init; } = "";

    public bool Allowed { get; init; } = true;

    public string Reason { get; init; } = "";

    public string ObjectSha256 { get; init; } = "";

    public long Rows { get; init; }

    public long Bytes { get; init; }

    public string RequestId { get; init; } = "";

    public string CredentialSha256 { get; init; } = "";

    public IReadOnlyList<EventSubject> Subjects { get; init; } = [];

    /// <summary>An event of a permitted call.</summary>
    public static AuditEvent Of(string action, string objectName, Caller caller, Permit permit) =>
        new(action, objectName)
        {
            ActorSubject = caller.Principal.Subject,
            CredentialSha256 = caller.CredentialSha256,
            Party = permit.CallerParty,
            Agreement = permit.AgreementId,
            Revision = permit.Revision,
            Clauses = permit.Clauses,
        };

    /// <summary>Canonical field set; every field is always there, so that two events differ only in their
    /// values.</summary>
    internal JsonObject ToJson(string log, string id, DateTimeOffset time, string actor) => new()
    {
        ["v"] = 1,
        ["log"] = log,
        ["id"] = id,
        ["time"] = time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        ["party"] = Party,
        ["actor"] = actor,
        ["action"] = Action,
        ["object"] = Resource,
        ["object_sha256"] = ObjectSha256,
        ["agreement"] = Agreement,
        ["revision"] = Revision,
        ["clauses"] = new JsonArray([.. Clauses.Select(c => (JsonNode)c)]),
        ["purpose"] = Purpose,
        ["decision"] = Allowed ? "allow" : "deny",
        ["reason"] = Reason,
        ["rows"] = Rows,
        ["bytes"] = Bytes,
        ["request_id"] = RequestId,
        ["credential"] = CredentialSha256,
    };
}
