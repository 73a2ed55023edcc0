using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Threats;

/// <summary>What a refusal tells: to its own party everything it needs, to others nothing at all.</summary>
[Collection(ThreatsTogether.Name)]
public sealed class RefusalTests(ThreatsExchange northmere)
{
    static readonly string Absent = Northmere.Street + "/submissions/" + new string('0', 32);

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Every RPC that names one submission, and the field that does.</summary>
    public static TheoryData<string> OnOneSubmission =>
    [
        "GetSubmission", "WriteContent", "AppendContent", "QueryWriteStatus", "SubmitSubmission", "ListViolations",
        "ExplainViolationGroup", "EndExplanation", "ReadEffect", "ExportContent",
    ];

    Task<Problem> RefusedAsync(string who, string rpc, string submission)
    {
        var called = RawCall.All.Single(r => r.Name == rpc);
        var request = AuthorisationTable.Request("SubmissionService." + rpc, northmere);
        var name = called.InputType.FindFieldByName("name") ?? called.InputType.FindFieldByName("parent");
        name.Accessor.SetValue(request, ((string)name.Accessor.GetValue(request))
            .Replace(northmere.Target.Name, submission, StringComparison.Ordinal));
        return Problem.OfAsync(() => RawCall.SendAsync(northmere.Exchange.As(who), called, Stop, request));
    }

    [Theory]
    [MemberData(nameof(OnOneSubmission))]
    public async Task AnothersSubmission_AbsentAndForbiddenAreTheSameBytes(string rpc)
    {
        var forbidden = await RefusedAsync(Northmere.WestOfficer, rpc, northmere.Target.Name);
        var absent = await RefusedAsync(Northmere.WestOfficer, rpc, Absent);
        Assert.Equal("NotFound NOT_FOUND", forbidden.ToString());
        Assert.Equal(absent.StatusWithout(Absent), forbidden.StatusWithout(northmere.Target.Name));
    }

    [Theory]
    [MemberData(nameof(OnOneSubmission))]
    public async Task AnothersSubmission_LooksLikeOnesOwnThatDoesNotExist(string rpc)
    {
        var forbidden = await RefusedAsync(Northmere.WestOfficer, rpc, northmere.Target.Name);
        var own = await RefusedAsync(Northmere.PoliceOfficer, rpc, Absent);
        Assert.Equal(own.StatusWithout(Absent), forbidden.StatusWithout(northmere.Target.Name));
    }

    [Fact]
    public async Task AFeedOneDoesNotRead_LooksLikeOneThatDoesNotExist()
    {
        var absent = Northmere.StreetFeed.Replace("street", "strait", StringComparison.Ordinal);
        var feeds = northmere.Feeds(Northmere.WestOfficer);
        var hidden = await Problem.OfAsync(async () =>
            await feeds.GetReleaseAsync(
                new GetReleaseRequest { Name = Northmere.StreetFeed + "/releases/1" }, cancellationToken: Stop));
        var missing = await Problem.OfAsync(async () =>
            await feeds.GetReleaseAsync(
                new GetReleaseRequest { Name = absent + "/releases/1" }, cancellationToken: Stop));
        Assert.Equal(missing.StatusWithout(absent), hidden.StatusWithout(Northmere.StreetFeed));
        var listed = await feeds.ListFeedsAsync(
            new ListFeedsRequest { Parent = Northmere.Agreement }, cancellationToken: Stop);
        Assert.Equal(
            [Northmere.AdmissionsFeed, Northmere.Agreement + "/feeds/recorded-crime-by-csp"],
            listed.Feeds.Select(f => f.Name));
    }

    [Fact]
    public async Task AStrangersAttempt_IsSeenByThePartyItConcerns()
    {
        await RefusedAsync(Northmere.WestOfficer, "ListViolations", northmere.Target.Name);
        var listed = await northmere.Audit(Northmere.PoliceOfficer)
            .ListAccessesAsync(
                new ListAccessesRequest { Parent = Northmere.Police, PageSize = 5 }, cancellationToken: Stop);
        var attempt = listed.Accesses.First(a => a.Action == "read.submission");
        Assert.Equal((false, "PARTY_NOT_COVERED", "Fatima Noor"), (attempt.Allowed, attempt.Reason, attempt.ActorName));
        Assert.Equal(["officers[northmere-west-health/fatima-noor]"], attempt.Clauses);

        // The name asked for is the stranger's word; what the log keeps is the agreement's.
        Assert.Equal(Northmere.Street, attempt.Object);
    }

    [Fact]
    public async Task ARefusalOfOnesOwn_NamesClauseAndContact()
    {
        var problem = await RefusedAsync(Northmere.PoliceAnalyst, "SubmitSubmission", northmere.Target.Name);
        Assert.Equal("PermissionDenied NOT_DESIGNATED_OFFICER", problem.ToString());
        Assert.Equal("roles.analysts[northmere-police/lewis-grant]", problem["clause"]);
        Assert.Equal("Amara Okafor, amara.okafor@police.northmere.example", problem["contact"]);
        Assert.Equal("northmere", problem["agreement"]);
        Assert.Equal(northmere.Target.AgreementRevision, problem["revision"]);
    }

    [Theory]
    [InlineData("", "PURPOSE_REQUIRED", "feeds[admissions-by-csp]")]
    [InlineData("problem-solving", "PURPOSE_NOT_PERMITTED", "feeds[admissions-by-csp]")]
    [InlineData("curiosity", "PURPOSE_NOT_PERMITTED", "purposes")]
    public async Task ReadingForNoGoodPurpose_IsRefusedWithClauseAndContact(
        string purpose, string reason, string clause)
    {
        var request = new ReadReleaseFileRequest
        {
            Name = Northmere.AdmissionsFeed + "/releases/1", File = "coverage.csv", Purpose = purpose,
        };
        var problem = await Problem.OfAsync(async () =>
        {
            using var call = northmere.Feeds(Northmere.CouncilAnalyst).ReadReleaseFile(
                request, cancellationToken: Stop);
            await call.ResponseStream.MoveNext(Stop);
        });
        Assert.Equal("PermissionDenied " + reason, problem.ToString());
        Assert.Equal((clause, "Ruth Pemberton, ruth.pemberton@council.northmere.example"),
            (problem["clause"], problem["contact"]));
    }

    [Fact]
    public async Task ExportForNoPurpose_IsRefused()
    {
        var request = (ExportContentRequest)AuthorisationTable.Request("SubmissionService.ExportContent", northmere);
        request.Purpose = "";
        var problem = await Problem.OfAsync(() => RawCall.SendAsync(
            northmere.Exchange.As(Northmere.PoliceOfficer), RawCall.All.Single(r => r.Name == "ExportContent"), Stop,
            request));
        Assert.Equal(("PermissionDenied PURPOSE_REQUIRED", "purposes"), (problem.ToString(), problem["clause"]));
    }

    [Fact]
    public async Task PageToken_IsForItsCallerAndItsListOnly()
    {
        var submissions = northmere.Submissions(Northmere.PoliceSender);
        await northmere.Police.CreateAsync(Slot.Unused);
        var first = await submissions.ListSubmissionsAsync(
            new ListSubmissionsRequest { Parent = Northmere.Street, PageSize = 1 }, cancellationToken: Stop);
        var token = first.NextPageToken;
        Assert.NotEmpty(token);
        await ListAsync(Northmere.PoliceSender, Northmere.Street, token);
        await RefusedTokenAsync(Northmere.PoliceOfficer, Northmere.Street, token);
        await RefusedTokenAsync(Northmere.WestOfficer, Northmere.WestAdmissions, token);
        await RefusedTokenAsync(Northmere.PoliceSender, Northmere.Police + "/datasets/police-recorded-crime", token);
        await RefusedTokenAsync(Northmere.PoliceSender, Northmere.Street, "9" + token);
        await RefusedTokenAsync(Northmere.PoliceSender, Northmere.Street, token[..^1]);
        await RefusedTokenAsync(Northmere.PoliceSender, Northmere.Street, "not a token");
    }

    async Task RefusedTokenAsync(string who, string parent, string token) => await Problem.IsAsync(
        "InvalidArgument PAGE_TOKEN_INVALID", () => ListAsync(who, parent, token));

    async Task ListAsync(string who, string parent, string token) =>
        await northmere.Submissions(who).ListSubmissionsAsync(
        new ListSubmissionsRequest { Parent = parent, PageSize = 1, PageToken = token }, cancellationToken: Stop);

    [Fact]
    public async Task CheckAccess_TellsNoMoreThanTheCallItself()
    {
        var agreements = northmere.Agreements(Northmere.WestOfficer);
        var request = new CheckAccessRequest
        {
            Agreement = Northmere.Agreement, Verb = "read-submission", Resource = northmere.Target.Name,
        };
        var hidden = await Problem.OfAsync(async () =>
            await agreements.CheckAccessAsync(request, cancellationToken: Stop));
        Assert.Equal("NotFound NOT_FOUND", hidden.ToString());
        request.Resource = Northmere.WestAdmissions;
        Assert.True((await agreements.CheckAccessAsync(request, cancellationToken: Stop)).Allowed);
    }
}
