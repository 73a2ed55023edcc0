using Grpc.Core;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Threats;

/// <summary>
/// Every RPC by every caller while the agreement is suspended: what the agreement as such and the evidence need stays
/// open, all else is refused in one voice, and what was hidden stays hidden.
/// </summary>
public sealed class SuspendedTests(ThreatsExchange northmere) : IClassFixture<ThreatsExchange>
{
    const string Hidden = "NotFound NOT_FOUND";
    const string Suspended = "PermissionDenied AGREEMENT_SUSPENDED";

    /// <summary>What moves data, or changes what is owed.</summary>
    static readonly HashSet<string> Closed =
    [
        "SubmissionService.CreateSubmission", "SubmissionService.WriteContent", "SubmissionService.AppendContent",
        "SubmissionService.QueryWriteStatus", "SubmissionService.SubmitSubmission",
        "SubmissionService.ExplainViolationGroup", "SubmissionService.EndExplanation",
        "SubmissionService.ExportContent", "SubmissionService.ReadRecords",
        "FeedService.ListFeeds", "FeedService.PublishRelease", "FeedService.ListReleases", "FeedService.GetRelease",
        "FeedService.ProposeRelease", "FeedService.ListProposals", "FeedService.ApproveRelease",
        "FeedService.RejectRelease", "FeedService.ReadReleaseFile", "FeedService.ReadTable",
        "FeedService.CompareReleases",
        "ComplianceService.WithholdReturn", "RequestService.MakeRequest",
    ];

    [Fact]
    public async Task EveryCell_IsClosedOrOpenAsTheSuspensionSays()
    {
        await northmere.Agreements(Northmere.Steward).SuspendAgreementAsync(
            new SuspendAgreementRequest { Name = Northmere.Agreement, Reason = "a trial" },
            cancellationToken: TestContext.Current.CancellationToken);
        var differences = new List<string>();
        var cells = 0;
        foreach (var (rpc, row) in AuthorisationTable.Expected)
        {
            foreach (var (caller, inForce) in AuthorisationTable.Callers.Zip(row))
            {
                var answer = await AskAsync(rpc, caller);
                var holds = inForce == Hidden ? answer == Hidden
                    : Closed.Contains(rpc) ? answer == Suspended
                    : answer != Suspended;
                cells++;
                if (!holds)
                    differences.Add($"{rpc} by {caller}: {answer}, in force {inForce}");
            }
        }

        Assert.Empty(differences);
        TestContext.Current.TestOutputHelper?.WriteLine($"{cells} cells, {differences.Count} differences");
    }

    async Task<string> AskAsync(string rpc, string caller)
    {
        var called = RawCall.All.Single(r => $"{r.Service.Name}.{r.Name}" == rpc);
        try
        {
            await RawCall.SendAsync(
                northmere.Exchange.As(caller), called, TestContext.Current.CancellationToken,
                AuthorisationTable.Request(rpc, northmere));
            return "OK";
        }
        catch (RpcException e)
        {
            return Problem.Of(e).ToString();
        }
    }
}
