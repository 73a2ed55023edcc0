using System.Collections.Frozen;
using Grpc.Core;
using Grpc.Core.Interceptors;
using IsaExchange.Agreement;
using IsaExchange.Exchange;
using IsaExchange.Service.Identity;

namespace IsaExchange.Service.Grpc;

/// <summary>
/// Which verbs of the agreement each RPC asks. An RPC without a row is refused to everybody; one with verbs cannot
/// answer before it has asked one of them. No verbs: whoever holds a credential may, the agreements have no say.
/// </summary>
static class RpcRules
{
    static readonly Verb[] AnyHolder = [];

    static readonly FrozenDictionary<string, Verb[]> Rows = new Dictionary<string, Verb[]>(StringComparer.Ordinal)
    {
        ["AgreementService/GetAgreement"] = [Verb.ReadAgreement],
        ["AgreementService/ListAgreements"] = [Verb.ReadAgreement],
        ["AgreementService/ListRevisions"] = [Verb.ReadAgreement],
        ["AgreementService/CheckAccess"] = [Verb.CheckAccess],
        ["AgreementService/ProposeRevision"] = [Verb.ProposeRevision],
        ["AgreementService/OpenConsultation"] = [Verb.ProposeRevision],
        ["AgreementService/CommentRevision"] = [Verb.CommentRevision],
        ["AgreementService/ListComments"] = [Verb.ReadAgreement],
        ["AgreementService/OpenSigning"] = [Verb.ProposeRevision],
        ["AgreementService/SignRevision"] = [Verb.SignRevision],
        ["AgreementService/ActivateRevision"] = [Verb.ActivateRevision],
        ["AgreementService/SuspendAgreement"] = [Verb.SuspendAgreement],
        ["AgreementService/ResumeAgreement"] = [Verb.ResumeAgreement],
        ["AgreementService/RetireAgreement"] = [Verb.RetireAgreement],
        ["AgreementService/WithdrawParty"] = [Verb.WithdrawParty],

        ["DirectoryService/ListOfficers"] = [Verb.ReadAgreement],
        ["DirectoryService/DesignateOfficer"] = [Verb.DesignateOfficer],
        ["DirectoryService/AppointDeputy"] = [Verb.AppointDeputy],
        ["DirectoryService/EndDesignation"] = [Verb.EndDesignation],
        ["DirectoryService/GetHandover"] = [Verb.ReadHandover],

        ["SubmissionService/CreateSubmission"] = [Verb.CreateSubmission],
        ["SubmissionService/GetSubmission"] = [Verb.ReadSubmission],
        ["SubmissionService/ListSubmissions"] = [Verb.ReadSubmission],
        ["SubmissionService/WriteContent"] = [Verb.WriteContent],
        ["SubmissionService/AppendContent"] = [Verb.WriteContent],
        ["SubmissionService/QueryWriteStatus"] = [Verb.WriteContent],
        ["SubmissionService/SubmitSubmission"] = [Verb.Submit],
        ["SubmissionService/ListViolations"] = [Verb.ReadSubmission],
        ["SubmissionService/ExplainViolationGroup"] = [Verb.Explain],
        ["SubmissionService/EndExplanation"] = [Verb.Explain],
        ["SubmissionService/ReadEffect"] = [Verb.ReadSubmission, Verb.ReadCompliance, Verb.ListFeeds],
        ["SubmissionService/ExportContent"] = [Verb.ExportRecords],
        ["SubmissionService/ReadRecords"] = [Verb.ReadRecords],
        ["SubmissionService/WithdrawSubmission"] = [Verb.WithdrawSubmission],
        ["SubmissionService/FreezeSubmission"] = [Verb.FreezeSubmission],
        ["SubmissionService/UnfreezeSubmission"] = [Verb.UnfreezeSubmission],
        ["SubmissionService/ReadRecall"] = [Verb.ReadRecall],

        ["RequestService/MakeRequest"] = [Verb.MakeRequest],
        ["RequestService/GetRequest"] = [Verb.ReadRequests],
        ["RequestService/ListRequests"] = [Verb.ReadRequests],
        ["RequestService/AnswerRequest"] = [Verb.AnswerRequest],

        ["FeedService/ListFeeds"] = [Verb.ListFeeds],
        ["FeedService/PublishRelease"] = [Verb.PublishRelease],
        ["FeedService/ProposeRelease"] = [Verb.PublishRelease],
        ["FeedService/ListProposals"] = [Verb.ApproveRelease],
        ["FeedService/ApproveRelease"] = [Verb.ApproveRelease],
        ["FeedService/RejectRelease"] = [Verb.ApproveRelease],
        ["FeedService/RetractRelease"] = [Verb.RetractRelease],
        ["FeedService/ReadReleaseRecall"] = [Verb.RetractRelease],
        ["FeedService/ListReleases"] = [Verb.ListFeeds],
        ["FeedService/GetRelease"] = [Verb.ListFeeds],
        ["FeedService/ReadReleaseFile"] = [Verb.ReadRelease, Verb.ApproveRelease],
        ["FeedService/ReadTable"] = [Verb.ReadRelease],
        ["FeedService/CompareReleases"] = [Verb.ReadRelease],

        ["ComplianceService/ListObligations"] = [Verb.ReadObligations],
        ["ComplianceService/GetComplianceReport"] = [Verb.ReadCompliance],
        ["ComplianceService/GrantException"] = [Verb.GrantException],
        ["ComplianceService/RevokeException"] = [Verb.GrantException],
        ["ComplianceService/ListExceptions"] = [Verb.ReadCompliance],
        ["ComplianceService/WithholdReturn"] = [Verb.WithholdReturn],
        ["ComplianceService/SendReminder"] = [Verb.SendReminder],
        ["ComplianceService/ListNotices"] = [Verb.ReadNotices],

        ["AuditService/ListAccesses"] = [Verb.ReadAudit],
        ["AuditService/ExportLog"] = [Verb.ExportLog],
        ["AuditService/ListErasures"] = [Verb.ReadAudit],
        ["AuditService/GetErasure"] = [Verb.ReadAudit],

        ["CredentialService/EnrolCredential"] = [Verb.EnrolCredential],
        ["CredentialService/RenewCredential"] = [Verb.RenewCredential],
        ["CredentialService/RevokeCredential"] = [Verb.RevokeCredential],
        ["CredentialService/ListCredentials"] = [Verb.ReadCredentials],
        ["CredentialService/LinkIdentity"] = [Verb.LinkIdentity],
        ["CredentialService/UnlinkIdentity"] = [Verb.LinkIdentity],
        ["CredentialService/ListIdentities"] = [Verb.ReadCredentials],

        // The head of the log and proofs about it hold no event: an event for each would move the head asked for.
        ["AuditService/GetCheckpoint"] = AnyHolder,
        ["AuditService/GetInclusionProof"] = AnyHolder,
        ["AuditService/GetConsistencyProof"] = AnyHolder,
    }.ToFrozenDictionary(row => "/isaexchange.v1." + row.Key, row => row.Value, StringComparer.Ordinal);

    public static VerbsAsked? For(string method) =>
        Rows.TryGetValue(method, out var verbs) ? new VerbsAsked(verbs) : null;
}

/// <summary>Holds every call to its row of <see cref="RpcRules"/>.</summary>
sealed class RuleInterceptor : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        var rule = Begin(context);
        var response = await continuation(request, context);
        rule?.Demand();
        return response;
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        var rule = Begin(context);
        var response = await continuation(requestStream, context);
        rule?.Demand();
        return response;
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        var rule = Begin(context);
        await continuation(request, responseStream, context);
        rule?.Demand();
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        var rule = Begin(context);
        await continuation(requestStream, responseStream, context);
        rule?.Demand();
    }

    static VerbsAsked? Begin(ServerCallContext context)
    {
        if (context.Method.StartsWith("/grpc.health.v1.Health/", StringComparison.Ordinal))
            return null;
        var rule = RpcRules.For(context.Method)
            ?? throw new InvalidOperationException("An RPC without a rule is refused to everybody.");
        var call = Call.Of(context);
        call.Caller = call.Caller with { Verbs = rule };
        return rule;
    }
}
