using IsaExchange.ServiceTests.Harness;
using IsaExchange.TransparencyLog;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Releases;

/// <summary>A release that two others approve: just the bytes that they saw, or nothing.</summary>
[Collection(ApprovedTogether.Name)]
public sealed class ApprovalTests(ApprovedExchange northmere)
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TwoOfTwoParties_PublishJustWhatWasProposed()
    {
        var proposal = await northmere.ProposeAsync(await northmere.SubmitAsync());
        var release = proposal.Release.Name;
        Assert.Equal((ReleaseProposal.Types.State.Open, 2), (proposal.State, proposal.ApprovalsNeeded));
        Assert.Null(proposal.Release.PublishTime);
        var seen = await northmere.ReadAsync(ApprovedExchange.PoliceSteward, proposal.Name, purpose: "");
        Assert.Equal(0, northmere.Statements(release));
        await NotThereAsync(release);

        var first = await northmere.ApproveAsync(ApprovedExchange.PoliceSteward, proposal);
        Assert.Equal(ReleaseProposal.Types.State.Open, first.State);
        Assert.Equal(0, northmere.Statements(release));
        await NotThereAsync(release);

        var last = await northmere.ApproveAsync(ApprovedExchange.DistrictSteward, proposal);
        Assert.Equal(ReleaseProposal.Types.State.Published, last.State);
        Assert.True(northmere.Statements(release) > 0);
        Assert.Equal(seen, await northmere.ReadAsync(Northmere.CouncilAnalyst, release));
        Assert.Equal(seen.Count(b => b == '\n') - 1, CellsLogged(release));
        var published = await northmere.Feeds(Northmere.CouncilAnalyst).GetReleaseAsync(
            new GetReleaseRequest { Name = release }, cancellationToken: Stop);
        var note = SignedNote.Open(published.ManifestNote, [northmere.LogKey]).Text;
        string[] lines =
        [
            "isaexchange.example/release/v1", $"release {release}",
            $"manifest sha256 {Convert.ToHexStringLower(proposal.ManifestSha256.Span)}",
            $"proposed {proposal.EventId}",
            .. last.Opinions.Select(o => $"approved {o.EventId}"), "",
        ];
        Assert.Equal(lines, note.Split('\n'));
    }

    /// <summary>Each cell of the table once, in however many files it is.</summary>
    long CellsLogged(string release) => northmere.Catalogue.Scalar(
        "select json_extract(Json, '$.rows') from Events where json_extract(Json, '$.action') = 'release.publish'"
        + " and json_extract(Json, '$.object') = $release and json_extract(Json, '$.decision') = 'allow'",
        ("$release", release));

    async Task NotThereAsync(string release)
    {
        await Problem.IsAsync(
            "NotFound NOT_FOUND", () => northmere.ReadAsync(Northmere.CouncilAnalyst, release));
        var list = await northmere.Feeds(Northmere.CouncilAnalyst).ListReleasesAsync(
            new ListReleasesRequest { Parent = Northmere.AdmissionsFeed }, cancellationToken: Stop);
        Assert.DoesNotContain(list.Releases, r => r.Name == release);
    }

    [Fact]
    public async Task Alone_NobodyPublishes()
    {
        var submission = await northmere.SubmitAsync();
        await Problem.IsAsync(
            "FailedPrecondition APPROVALS_REQUIRED",
            async () => await northmere.Feeds(Northmere.Steward).PublishReleaseAsync(
                new PublishReleaseRequest { Parent = Northmere.AdmissionsFeed, Period = submission.Period },
                cancellationToken: Stop));
        var proposal = await northmere.ProposeAsync(submission);
        var count = northmere.Catalogue.Events();
        await RefusedAsync("FailedPrecondition OWN_PROPOSAL", Northmere.Steward, proposal);
        await northmere.ApproveAsync(ApprovedExchange.PoliceSteward, proposal);
        await RefusedAsync("FailedPrecondition ALREADY_APPROVED", ApprovedExchange.PoliceSteward, proposal);
        await RefusedAsync("FailedPrecondition SAME_PARTY", ApprovedExchange.OtherPoliceSteward, proposal);
        var events = northmere.Catalogue.EventsAfter(count);
        Assert.Contains("release.approve deny OWN_PROPOSAL", events);
        Assert.Contains("release.approve deny SAME_PARTY", events);
        Assert.DoesNotContain(events, e => e.StartsWith("release.publish", StringComparison.Ordinal));
    }

    Task<Problem> RefusedAsync(string expected, string who, ReleaseProposal proposal) =>
        Problem.IsAsync(expected, () => northmere.ApproveAsync(who, proposal));

    [Fact]
    public async Task WhoMayNotApprove_SeesNothingOfIt()
    {
        var proposal = await northmere.ProposeAsync(await northmere.SubmitAsync());
        const string NotRole = "PermissionDenied ROLE_NOT_PERMITTED";
        await Problem.IsAsync(NotRole, () => northmere.ReadAsync(Northmere.CouncilAnalyst, proposal.Name));
        await Problem.IsAsync(NotRole, () => northmere.ApproveAsync(Northmere.CouncilAnalyst, proposal));
        await Problem.IsAsync(NotRole, async () => await northmere.Feeds(Northmere.Auditor).ListProposalsAsync(
            new ListProposalsRequest { Parent = Northmere.AdmissionsFeed }, cancellationToken: Stop));
        await Problem.IsAsync(
            "InvalidArgument OTHER_MANIFEST",
            async () => await northmere.Feeds(ApprovedExchange.PoliceSteward).ApproveReleaseAsync(
                new ApproveReleaseRequest
                {
                    Name = proposal.Name, ManifestSha256 = Google.Protobuf.ByteString.CopyFrom(new byte[32]),
                },
                cancellationToken: Stop));
    }

    [Fact]
    public async Task Rejected_ItIsOver_WithItsReason()
    {
        var proposal = await northmere.ProposeAsync(await northmere.SubmitAsync());
        var reject = new RejectReleaseRequest { Name = proposal.Name, Reason = "a month is doubled" };
        var rejected = await northmere.Feeds(ApprovedExchange.PoliceSteward).RejectReleaseAsync(
            reject, cancellationToken: Stop);
        Assert.Equal(ReleaseProposal.Types.State.Rejected, rejected.State);
        Assert.Equal(["a month is doubled"], rejected.Opinions.Select(o => o.Reason));
        await RefusedAsync("FailedPrecondition PROPOSAL_REJECTED", ApprovedExchange.DistrictSteward, proposal);
        await Problem.IsAsync(
            "FailedPrecondition PROPOSAL_OVER",
            () => northmere.ReadAsync(ApprovedExchange.DistrictSteward, proposal.Name, purpose: ""));
    }

    [Fact]
    public async Task InputsChanged_ItIsNotPublished()
    {
        var submission = await northmere.SubmitAsync();
        var proposal = await northmere.ProposeAsync(submission);
        await northmere.ApproveAsync(ApprovedExchange.PoliceSteward, proposal);
        await northmere.CorrectAsync(submission);
        await RefusedAsync("Aborted INPUTS_CHANGED", ApprovedExchange.DistrictSteward, proposal);
        Assert.Equal(ReleaseProposal.Types.State.Outdated, (await northmere.FoundAsync(proposal)).State);
        Assert.Equal(0, northmere.Statements(proposal.Release.Name));
    }

    [Fact]
    public async Task AnotherIsPublishedBefore_ItIsNotPublished()
    {
        var submission = await northmere.SubmitAsync();
        var (late, early) = (await northmere.ProposeAsync(submission), await northmere.ProposeAsync(submission));
        Assert.Equal(late.Release.Name, early.Release.Name);
        await northmere.ApproveAsync(ApprovedExchange.PoliceSteward, early);
        await northmere.ApproveAsync(ApprovedExchange.DistrictSteward, early);
        await RefusedAsync("Aborted OTHER_RELEASE_PUBLISHED", ApprovedExchange.PoliceSteward, late);
        await RefusedAsync("FailedPrecondition ALREADY_PUBLISHED", ApprovedExchange.OtherPoliceSteward, early);
    }

    [Fact]
    public async Task TooLate_NobodyApproves()
    {
        var proposal = await northmere.ProposeAsync(await northmere.SubmitAsync());
        northmere.Catalogue.Change(
            "update ReleaseProposals set LapseTicks = 1 where Id = $id", ("$id", proposal.Name.Split('/')[^1]));
        await RefusedAsync("FailedPrecondition PROPOSAL_LAPSED", ApprovedExchange.PoliceSteward, proposal);
        Assert.Equal(ReleaseProposal.Types.State.Lapsed, (await northmere.FoundAsync(proposal)).State);
    }

    [Fact]
    public async Task TheSameRequest_ApprovesOnce()
    {
        var proposal = await northmere.ProposeAsync(await northmere.SubmitAsync());
        var id = Guid.NewGuid().ToString("D");
        var first = await northmere.ApproveAsync(ApprovedExchange.PoliceSteward, proposal, id);
        Assert.Equal(first, await northmere.ApproveAsync(ApprovedExchange.PoliceSteward, proposal, id));
        Assert.Single(first.Opinions);
    }
}
