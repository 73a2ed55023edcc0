using Google.Protobuf;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;

namespace IsaExchange.ServiceTests.Threats;

/// <summary>
/// Who may call what on a submission, a release and the log of the police, and what everybody else is
/// told.
/// </summary>
public static class AuthorisationTable
{
    const string Ok = "OK";
    const string Hidden = "NotFound NOT_FOUND";
    const string NotOfficer = "PermissionDenied NOT_DESIGNATED_OFFICER";
    const string NotRole = "PermissionDenied ROLE_NOT_PERMITTED";
    const string Stage = "FailedPrecondition WRONG_STAGE";
    const string NoReason = "InvalidArgument REASON_REQUIRED";
    const string NoPerson = "InvalidArgument PERSON_INVALID";
    const string NotThere = "FailedPrecondition NO_SUCH_DESIGNATION";
    const string Done = "FailedPrecondition ALREADY_SUBMITTED";
    const string NotFrozen = "FailedPrecondition NOT_FROZEN";
    const string Closed = "PermissionDenied RECORDS_CLOSED";

    /// <summary>
    /// Columns of the table: the party's sender, officer and analyst; the sender and officer of a party that neither
    /// owns the submission nor reads the feed; analyst, steward and auditor of one that reads it; and nobody's
    /// credential.
    /// </summary>
    public static IReadOnlyList<string> Callers { get; } =
    [
        Northmere.PoliceSender, Northmere.PoliceOfficer, Northmere.PoliceAnalyst,
        Northmere.WestSender, Northmere.WestOfficer,
        Northmere.CouncilAnalyst, Northmere.Steward, Northmere.Auditor, ThreatsExchange.Stranger,
    ];

    // What a party does with its own submissions.
    static readonly string[] OwnParty = [Ok, Ok, NotOfficer, Hidden, Hidden, Hidden, Hidden, Hidden, Hidden];
    static readonly string[] OwnPartyOnce = [Done, Done, NotOfficer, Hidden, Hidden, Hidden, Hidden, Hidden, Hidden];
    static readonly string[] OwnOfficer = [NotOfficer, Ok, NotOfficer, Hidden, Hidden, Hidden, Hidden, Hidden, Hidden];
    static readonly string[] NothingToEnd =
        Own(NotOfficer, "FailedPrecondition NOTHING_TO_END", NotOfficer);

    static readonly string[] OwnLog = [NotOfficer, Ok, NotOfficer, Hidden, Hidden, Hidden, Hidden, Ok, Hidden];

    // What its signatory does for a party, and what its officers may do as well.
    static readonly string[] Signatory =
        [NotOfficer, NotOfficer, NotOfficer, Hidden, Hidden, Hidden, Hidden, Hidden, Hidden];

    static readonly string[] Deputised =
        [NotOfficer, NoPerson, NotOfficer, Hidden, Hidden, Hidden, Hidden, Hidden, Hidden];

    static readonly string[] Ended = [NotOfficer, NotThere, NotOfficer, Hidden, Hidden, Hidden, Hidden, Hidden, Hidden];

    // What the steward does with the agreement: the one in force is in the wrong stage, or the reason is missing.
    static readonly string[] Proposed = [NotRole, NotRole, NotRole, NotRole, NotRole, NotRole, Ok, NotRole, Hidden];
    static readonly string[] Moved = [NotRole, NotRole, NotRole, NotRole, NotRole, NotRole, Stage, NotRole, Hidden];
    static readonly string[] Braked = [NotRole, NotRole, NotRole, NotRole, NotRole, NotRole, NoReason, NotRole, Hidden];
    static readonly string[] Said = [NotRole, Stage, NotRole, NotRole, Stage, NotRole, Stage, NotRole, Hidden];
    // What an officer does with a submission, and a steward with anybody's; here the records are open to nobody.
    static readonly string[] Withdrawn = [NotOfficer, Ok, NotOfficer, Hidden, Hidden, Hidden, Hidden, Hidden, Hidden];
    static readonly string[] Frozen = [NotOfficer, Ok, NotOfficer, Hidden, Hidden, Hidden, Ok, Hidden, Hidden];
    static readonly string[] Unfrozen =
        [NotOfficer, NotFrozen, NotOfficer, Hidden, Hidden, Hidden, NotFrozen, Hidden, Hidden];
    static readonly string[] Records = [NotRole, Closed, Closed, Hidden, Hidden, Hidden, Hidden, Hidden, Hidden];

    // A request of the county council to the police; requests to the east's health board can be made by whoever asks.
    static readonly string[] Asked = [NotRole, Ok, Ok, NotRole, Ok, Ok, NotRole, NotRole, Hidden];
    static readonly string[] OneRequest = [NotOfficer, Ok, Ok, Hidden, Hidden, Ok, Ok, Hidden, Hidden];
    static readonly string[] Register = [NotOfficer, Ok, Ok, Hidden, Hidden, Hidden, Ok, Hidden, Hidden];

    // Right in everything but what would make, end or link something for good: the agreement has said yes by then.
    const string NoRequest = "InvalidArgument REQUEST_MALFORMED";
    const string NoIssuer = "InvalidArgument UNKNOWN_ISSUER";

    static string[] Own(string sender, string officer, string analyst) =>
        [sender, officer, analyst, Hidden, Hidden, Hidden, Hidden, Hidden, Hidden];

    // What is done with a feed.
    static readonly string[] Feeds = [NotRole, Ok, Ok, NotRole, Ok, Ok, Ok, NotRole, Hidden];
    static readonly string[] Seen = [NotRole, Ok, Ok, Hidden, Hidden, Ok, Ok, NotRole, Hidden];
    static readonly string[] Read = [NotRole, Ok, Ok, Hidden, Hidden, Ok, NotRole, NotRole, Hidden];
    static readonly string[] Published = Stewards(Ok);

    static string[] Stewards(string steward) =>
        [NotRole, NotRole, NotRole, Hidden, Hidden, NotRole, steward, NotRole, Hidden];

    // What a steward does for the agreement, and what an officer answers or reads for the own party.
    static readonly string[] OfSteward = [NotRole, NotRole, NotRole, NotRole, NotRole, NotRole, Ok, NotRole, Hidden];
    static readonly string[] NoSuchException =
        [NotRole, NotRole, NotRole, NotRole, NotRole, NotRole, Hidden, NotRole, Hidden];
    static readonly string[] OwnNotices =
        [NotOfficer, Ok, NotOfficer, NotOfficer, Ok, NotOfficer, Ok, NotOfficer, Hidden];

    // What everybody of the agreement may do, and what every holder of a credential may.
    static readonly string[] Members = [Ok, Ok, Ok, Ok, Ok, Ok, Ok, Ok, Hidden];
    static readonly string[] Holders = [Ok, Ok, Ok, Ok, Ok, Ok, Ok, Ok, Ok];

    static readonly Dictionary<string, string[]> Matters = new(StringComparer.Ordinal)
    {
        ["SubmissionService.CreateSubmission"] = OwnParty,
        ["SubmissionService.GetSubmission"] = OwnParty,
        ["SubmissionService.ListSubmissions"] = OwnParty,
        ["SubmissionService.WriteContent"] = OwnParty,
        ["SubmissionService.AppendContent"] = OwnParty,
        ["SubmissionService.QueryWriteStatus"] = OwnParty,
        ["SubmissionService.SubmitSubmission"] = OwnPartyOnce,
        ["SubmissionService.ListViolations"] = OwnParty,
        ["SubmissionService.ExplainViolationGroup"] = OwnOfficer,
        ["SubmissionService.EndExplanation"] = NothingToEnd,
        ["SubmissionService.ReadEffect"] = OwnParty,
        ["SubmissionService.ExportContent"] = OwnOfficer,
        ["SubmissionService.ReadRecords"] = Records,
        ["SubmissionService.WithdrawSubmission"] = Withdrawn,
        ["SubmissionService.FreezeSubmission"] = Frozen,
        ["SubmissionService.UnfreezeSubmission"] = Unfrozen,
        ["SubmissionService.ReadRecall"] = Frozen,
        ["RequestService.MakeRequest"] = Asked,
        ["RequestService.GetRequest"] = OneRequest,
        ["RequestService.ListRequests"] = Register,
        ["RequestService.AnswerRequest"] = Withdrawn,
        ["FeedService.ListFeeds"] = Feeds,
        ["FeedService.PublishRelease"] = Published,
        ["FeedService.ProposeRelease"] = Stewards("FailedPrecondition NO_APPROVALS"),
        ["FeedService.ListProposals"] = Published,
        ["FeedService.ApproveRelease"] = Stewards("InvalidArgument MANIFEST_REQUIRED"),
        ["FeedService.RejectRelease"] = Stewards(NoReason),
        ["FeedService.RetractRelease"] = Published,
        ["FeedService.ReadReleaseRecall"] = Published,
        ["FeedService.ListReleases"] = Seen,
        ["FeedService.GetRelease"] = Seen,
        ["FeedService.ReadReleaseFile"] = Read,
        ["FeedService.ReadTable"] = Read,
        ["FeedService.CompareReleases"] = Read,
        ["CredentialService.EnrolCredential"] = Own(NotOfficer, NoRequest, NotOfficer),
        ["CredentialService.RenewCredential"] = Own(NoRequest, NoRequest, NoRequest),
        ["CredentialService.RevokeCredential"] = Own(NotOfficer, NoReason, NotOfficer),
        ["CredentialService.ListCredentials"] = OwnOfficer,
        ["CredentialService.LinkIdentity"] = Own(NotOfficer, NoIssuer, NotOfficer),
        ["CredentialService.UnlinkIdentity"] = OwnOfficer,
        ["CredentialService.ListIdentities"] = OwnOfficer,
    };

    static readonly Dictionary<string, string[]> Agreement = new(StringComparer.Ordinal)
    {
        ["AuditService.ListAccesses"] = OwnLog,
        ["AuditService.ExportLog"] = OwnLog,
        ["AuditService.ListErasures"] = OwnLog,
        ["AuditService.GetErasure"] = OwnLog,
        ["AuditService.GetCheckpoint"] = Holders,
        ["AuditService.GetInclusionProof"] = Holders,
        ["AuditService.GetConsistencyProof"] = Holders,
        ["AgreementService.GetAgreement"] = Members,
        ["AgreementService.CheckAccess"] = Members,
        ["AgreementService.ListAgreements"] = Holders,
        ["AgreementService.ListRevisions"] = Members,
        ["AgreementService.ListComments"] = Members,
        ["AgreementService.ProposeRevision"] = Proposed,
        ["AgreementService.OpenConsultation"] = Moved,
        ["AgreementService.OpenSigning"] = Moved,
        ["AgreementService.ActivateRevision"] = Moved,
        ["AgreementService.CommentRevision"] = Said,
        ["AgreementService.SignRevision"] = Signatory,
        ["AgreementService.SuspendAgreement"] = Braked,
        ["AgreementService.ResumeAgreement"] = Braked,
        ["AgreementService.RetireAgreement"] = Braked,
        ["AgreementService.WithdrawParty"] = Signatory,
        ["DirectoryService.ListOfficers"] = Members,
        ["DirectoryService.DesignateOfficer"] = Signatory,
        ["DirectoryService.AppointDeputy"] = Deputised,
        ["DirectoryService.EndDesignation"] = Ended,
        ["DirectoryService.GetHandover"] = OwnOfficer,
        ["ComplianceService.ListObligations"] = Members,
        ["ComplianceService.GetComplianceReport"] = Members,
        ["ComplianceService.ListExceptions"] = Members,
        ["ComplianceService.GrantException"] = OfSteward,
        ["ComplianceService.RevokeException"] = NoSuchException,
        ["ComplianceService.SendReminder"] = OfSteward,
        ["ComplianceService.WithholdReturn"] = OwnOfficer,
        ["ComplianceService.ListNotices"] = OwnNotices,
    };

    /// <summary>What each caller is told, by RPC.</summary>
    public static IReadOnlyDictionary<string, string[]> Expected { get; } =
        Matters.Concat(Agreement).ToDictionary(StringComparer.Ordinal);

    /// <summary>A request that is right in everything but, perhaps, who makes it.</summary>
    public static IMessage Request(string rpc, ThreatsExchange northmere) => rpc.Split('.')[0] switch
    {
        "SubmissionService" => OfSubmission(rpc, northmere.Target.Name, northmere.QueryGroup),
        "FeedService" => OfFeed(rpc, northmere.Release),
        "AgreementService" when rpc is not "AgreementService.CheckAccess" => OfRevision(rpc, northmere.Revision),
        "DirectoryService" => OfDirectory(rpc),
        "ComplianceService" => OfCompliance(rpc),
        "RequestService" => OfRequest(rpc, northmere.Request.Name),
        "CredentialService" => OfCredential(rpc),
        _ => OfLogOrAgreement(rpc, northmere.Target),
    };

    // A public key of X25519 for age; its private half was thrown away.
    const string Recipient = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

    static IMessage OfSubmission(string rpc, string name, string group) => rpc switch
    {
        "SubmissionService.CreateSubmission" => Trial(),
        "SubmissionService.GetSubmission" => new GetSubmissionRequest { Name = name },
        "SubmissionService.ListSubmissions" => new ListSubmissionsRequest { Parent = Northmere.Street },
        "SubmissionService.WriteContent" or "SubmissionService.AppendContent" =>
            new WriteContentRequest { Name = name },
        "SubmissionService.QueryWriteStatus" => new QueryWriteStatusRequest { Name = name },
        "SubmissionService.SubmitSubmission" => new SubmitSubmissionRequest { Name = name },
        "SubmissionService.ListViolations" => new ListViolationsRequest { Parent = name },
        "SubmissionService.ExplainViolationGroup" => new ExplainViolationGroupRequest
        {
            Name = group, Explanation = "The map points lie over the boundary.",
        },
        "SubmissionService.EndExplanation" => new EndExplanationRequest { Name = group },
        "SubmissionService.ReadEffect" => new ReadEffectRequest { Name = name },
        "SubmissionService.ExportContent" =>
            new ExportContentRequest { Name = name, Recipient = Recipient, Purpose = "problem-solving" },
        "SubmissionService.ReadRecords" => new ReadRecordsRequest
        {
            Parent = Northmere.Street, Period = Slot.Unused.Month, Areas = { Slot.Unused.Area },
            Purpose = "problem-solving",
        },
        "SubmissionService.WithdrawSubmission" =>
            new WithdrawSubmissionRequest { Name = name, Reason = "a trial", ValidateOnly = true },
        "SubmissionService.FreezeSubmission" =>
            new FreezeSubmissionRequest { Name = name, Reason = "a trial", ValidateOnly = true },
        "SubmissionService.UnfreezeSubmission" =>
            new UnfreezeSubmissionRequest { Name = name, Reason = "a trial", ValidateOnly = true },
        "SubmissionService.ReadRecall" => new ReadRecallRequest { Name = name },
        _ => throw new NotSupportedException(rpc),
    };

    static CreateSubmissionRequest Trial()
    {
        var submission = new Submission
        {
            Period = Slot.Unused.Month, ContentKind = ContentKind.Table, Areas = { Slot.Unused.Area },
        };
        return new CreateSubmissionRequest { Parent = Northmere.Street, Submission = submission, ValidateOnly = true };
    }

    static IMessage OfRequest(string rpc, string name) => rpc switch
    {
        "RequestService.MakeRequest" => new MakeRequestRequest
        {
            Parent = Northmere.EastHealth, ValidateOnly = true,
            InformationRequest = new InformationRequest
            {
                Kind = InformationRequest.Types.Kind.Information, Text = "Admissions by hour of the day.",
            },
        },
        "RequestService.GetRequest" => new GetRequestRequest { Name = name },
        "RequestService.ListRequests" => new ListRequestsRequest { Parent = Northmere.Police },
        "RequestService.AnswerRequest" => new AnswerRequestRequest
        {
            Name = name, Outcome = InformationRequest.Types.State.Answered, Text = "A trial.", ValidateOnly = true,
        },
        _ => throw new NotSupportedException(rpc),
    };

    static IMessage OfCredential(string rpc) => rpc switch
    {
        "CredentialService.EnrolCredential" => new EnrolCredentialRequest
        {
            Parent = Northmere.Police, Holder = ForgedCredential.PoliceSubject,
        },
        "CredentialService.RenewCredential" => new RenewCredentialRequest { Parent = Northmere.Police },
        "CredentialService.RevokeCredential" =>
            new RevokeCredentialRequest { Name = Northmere.Police + "/credentials/one" },
        "CredentialService.ListCredentials" => new ListCredentialsRequest { Parent = Northmere.Police },
        "CredentialService.LinkIdentity" => new LinkIdentityRequest
        {
            Parent = Northmere.Police,
            Identity = new V1.Identity
            {
                Issuer = "https://login.example", Subject = "s", Person = Northmere.PoliceOfficer,
            },
        },
        "CredentialService.UnlinkIdentity" =>
            new UnlinkIdentityRequest { Name = Northmere.Police + "/identities/" + ThreatsExchange.LinkedIdentity },
        "CredentialService.ListIdentities" => new ListIdentitiesRequest { Parent = Northmere.Police },
        _ => throw new NotSupportedException(rpc),
    };

    static IMessage OfFeed(string rpc, Release release) => rpc switch
    {
        "FeedService.ListFeeds" => new ListFeedsRequest { Parent = Northmere.Agreement },
        "FeedService.PublishRelease" => new PublishReleaseRequest
        {
            Parent = Northmere.StreetFeed, Period = release.Period, ValidateOnly = true,
        },
        "FeedService.ProposeRelease" => new ProposeReleaseRequest
        {
            Parent = Northmere.StreetFeed, Period = release.Period,
        },
        "FeedService.ListProposals" => new ListProposalsRequest { Parent = Northmere.StreetFeed },
        "FeedService.ApproveRelease" => new ApproveReleaseRequest { Name = Northmere.StreetFeed + "/proposals/none" },
        "FeedService.RejectRelease" => new RejectReleaseRequest { Name = Northmere.StreetFeed + "/proposals/none" },
        "FeedService.RetractRelease" => new RetractReleaseRequest
        {
            Name = release.Name, Reason = "a trial", ValidateOnly = true,
        },
        "FeedService.ReadReleaseRecall" => new ReadReleaseRecallRequest { Name = release.Name },
        "FeedService.ListReleases" => new ListReleasesRequest { Parent = Northmere.StreetFeed },
        "FeedService.GetRelease" => new GetReleaseRequest { Name = release.Name },
        "FeedService.ReadReleaseFile" => new ReadReleaseFileRequest
        {
            Name = release.Name, File = "area-by-type.csv", Purpose = "problem-solving",
        },
        "FeedService.ReadTable" => new ReadTableRequest
        {
            Name = release.Name, Table = "area-by-type", Purpose = "problem-solving",
        },
        "FeedService.CompareReleases" => new CompareReleasesRequest
        {
            Name = release.Name, Other = release.Name, Purpose = "problem-solving",
        },
        _ => throw new NotSupportedException(rpc),
    };

    static IMessage OfLogOrAgreement(string rpc, Submission target) => rpc switch
    {
        "AuditService.ListAccesses" => new ListAccessesRequest { Parent = Northmere.Police },
        "AuditService.ExportLog" => new ExportLogRequest { Parent = Northmere.Police },
        "AuditService.ListErasures" => new ListErasuresRequest { Parent = Northmere.Police },
        "AuditService.GetErasure" => new GetErasureRequest
        {
            Name = Northmere.Police + "/erasures/" + ThreatsExchange.Erasure,
        },
        "AuditService.GetCheckpoint" => new GetCheckpointRequest(),
        "AuditService.GetInclusionProof" => new GetInclusionProofRequest
        {
            EventId = target.Receipt.EventId, TreeSize = target.Receipt.LeafIndex + 1,
        },
        "AuditService.GetConsistencyProof" => new GetConsistencyProofRequest { OldSize = 1, NewSize = 2 },
        "AgreementService.CheckAccess" =>
            new CheckAccessRequest { Agreement = Northmere.Agreement, Verb = "read-agreement" },
        _ => throw new NotSupportedException(rpc),
    };

    static IMessage OfRevision(string rpc, V1.Agreement revision) => rpc switch
    {
        "AgreementService.GetAgreement" => new GetAgreementRequest { Name = Northmere.Agreement },
        "AgreementService.ListAgreements" => new ListAgreementsRequest(),
        "AgreementService.ListRevisions" => new ListRevisionsRequest { Name = Northmere.Agreement },
        "AgreementService.ListComments" => new ListCommentsRequest { Name = revision.Name },
        "AgreementService.ProposeRevision" => new ProposeRevisionRequest
        {
            Agreement = Northmere.Agreement, Source = ByteString.CopyFromUtf8("agreement: northmere"),
        },
        "AgreementService.OpenConsultation" => new OpenConsultationRequest { Name = revision.Name },
        "AgreementService.OpenSigning" => new OpenSigningRequest { Name = revision.Name },
        "AgreementService.ActivateRevision" =>
            new ActivateRevisionRequest { Name = revision.Name, ValidateOnly = true },
        "AgreementService.CommentRevision" => new CommentRevisionRequest { Name = revision.Name, Text = "Agreed." },
        "AgreementService.SignRevision" => new SignRevisionRequest
        {
            Name = revision.Name, Statement = revision.Signatures.First(s => Northmere.Police.EndsWith(
                "/" + s.Party, StringComparison.Ordinal)).Statement,
        },
        "AgreementService.SuspendAgreement" => new SuspendAgreementRequest { Name = Northmere.Agreement },
        "AgreementService.ResumeAgreement" => new ResumeAgreementRequest { Name = Northmere.Agreement },
        "AgreementService.RetireAgreement" => new RetireAgreementRequest { Name = Northmere.Agreement },
        "AgreementService.WithdrawParty" => new WithdrawPartyRequest { Name = Northmere.Police },
        _ => throw new NotSupportedException(rpc),
    };

    static IMessage OfDirectory(string rpc) => rpc switch
    {
        "DirectoryService.ListOfficers" => new ListOfficersRequest { Parent = Northmere.Agreement },
        "DirectoryService.DesignateOfficer" => new DesignateOfficerRequest { Parent = Northmere.Police },
        "DirectoryService.AppointDeputy" => new AppointDeputyRequest { Parent = Northmere.Police },
        "DirectoryService.EndDesignation" => new EndDesignationRequest
        {
            Parent = Northmere.Police, Clause = "officers[nobody]", Reason = "a trial",
        },
        "DirectoryService.GetHandover" => new GetHandoverRequest { Name = Northmere.Police },
        _ => throw new NotSupportedException(rpc),
    };

    static IMessage OfCompliance(string rpc) => rpc switch
    {
        "ComplianceService.ListObligations" => new ListObligationsRequest { Parent = Northmere.Agreement },
        "ComplianceService.GetComplianceReport" => new GetComplianceReportRequest { Parent = Northmere.Agreement },
        "ComplianceService.ListExceptions" => new ListExceptionsRequest { Parent = Northmere.Agreement },
        "ComplianceService.ListNotices" => new ListNoticesRequest { Parent = Northmere.Agreement },
        "ComplianceService.GrantException" => new GrantExceptionRequest
        {
            Parent = Northmere.Agreement, ValidateOnly = true, Exception = Exception(),
        },
        "ComplianceService.RevokeException" => new RevokeExceptionRequest
        {
            Name = Northmere.Agreement + "/exceptions/none",
        },
        "ComplianceService.SendReminder" => new SendReminderRequest
        {
            Parent = Northmere.Agreement, Party = "northmere-police",
        },
        "ComplianceService.WithholdReturn" => new WithholdReturnRequest
        {
            Parent = Northmere.Street,
            ValidateOnly = true,
            Withholding = new Withholding
            {
                Period = Slot.Unused.Month, Areas = { Slot.Unused.Area }, Reason = "not-held",
            },
        },
        _ => throw new NotSupportedException(rpc),
    };

    static ObligationException Exception()
    {
        var until = TimeProvider.System.GetUtcNow().AddDays(5);
        return new ObligationException
        {
            Party = "northmere-police",
            Dataset = "police-street-level",
            Period = Slot.Unused.Month,
            UntilDate = new Google.Type.Date { Year = until.Year, Month = until.Month, Day = until.Day },
            Reason = "The export was late.",
        };
    }
}
