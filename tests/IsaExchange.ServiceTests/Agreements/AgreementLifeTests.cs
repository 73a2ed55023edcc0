using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Xunit;
using Stage = IsaExchange.V1.Agreement.Types.Stage;

namespace IsaExchange.ServiceTests.Agreements;

/// <summary>One agreement from the first signature to the archive, over the real service.</summary>
public sealed class AgreementLifeTests(DraftExchange northmere) : IClassFixture<DraftExchange>
{
    static readonly Period First = Northmere.Month(2024, 6);
    static readonly Period Second = Northmere.Month(2024, 7);

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Agreement_ActsFromItsQuorumUntilItsEnd()
    {
        var first = await SignedByQuorumAsync();
        var submitted = await SubmitAsync(First);
        Assert.Equal(first.Revision, submitted.AgreementRevision);
        var coverage = (await PublishAsync()).Coverage;
        Assert.Contains(coverage, line => line.Submissions.Contains(submitted.Name));
        await SmallerQuorumIsNotItsOwnAsync();
        var second = await DiscussedAndSignedAsync();
        await OldRevisionGovernsAsync(first, second, submitted.Name);
        await SuspendedAsync();
        await RetiredAsync();
        await northmere.Exchange.StopAsync();
        await northmere.Exchange.ServeAsync();
        Assert.Equal(Stage.Retired, (await northmere.GetAsync()).Stage);
        Assert.Equal(Stage.Replaced, (await northmere.GetAsync(first.Name)).Stage);
    }

    /// <summary>With one signature too few nothing moves; with the quorum, those who signed act.</summary>
    async Task<Agreement> SignedByQuorumAsync()
    {
        var draft = await northmere.GetAsync();
        Assert.Equal((Stage.Signing, 8, 11), (draft.Stage, draft.Quorum, draft.Missing.Count));
        var refused = await Problem.IsAsync("PermissionDenied AGREEMENT_NOT_IN_FORCE", () => CreateAsync(First));
        Assert.Equal("signing", refused["clause"]);
        await northmere.SignAsync(draft, 7);
        await Problem.IsAsync("FailedPrecondition QUORUM_NOT_MET", () => northmere.ActivateAsync(draft));
        await Problem.IsAsync("PermissionDenied AGREEMENT_NOT_IN_FORCE", () => CreateAsync(First));
        await northmere.SignAsync(await northmere.GetAsync(), 1);
        var rules = await northmere.ActivateAsync(draft);
        Assert.Equal((Stage.InForce, 8), (rules.Stage, rules.Signatures.Count));
        Assert.Equal(3, rules.Missing.Count);
        await Problem.IsAsync("PermissionDenied PARTY_NOT_SIGNED", () => CreateAsync(First));
        await Signer.Of(northmere.Exchange, rules, "northmere-police").SignAsync(Stop);
        return rules;
    }

    /// <summary>Whoever writes a smaller quorum still needs the one that rules.</summary>
    async Task SmallerQuorumIsNotItsOwnAsync()
    {
        var smaller = await northmere.ProposedAsync(DraftExchange.Yaml.Replace(
            "quorum: 8", "quorum: 1", StringComparison.Ordinal));
        await northmere.SignAsync(smaller, 7);
        await Problem.IsAsync("FailedPrecondition QUORUM_NOT_MET", () => northmere.ActivateAsync(smaller));
    }

    async Task<Agreement> DiscussedAndSignedAsync()
    {
        var proposed = (await northmere.ProposeAsync(DraftExchange.Yaml.Replace(
            "      - eastling-council\n    marking: OFFICIAL\n  - id: admissions",
            "      - eastling-council\n      - northmere-fire\n    marking: OFFICIAL\n  - id: admissions",
            StringComparison.Ordinal))).Revision;
        Assert.Equal(Stage.Draft, proposed.Stage);
        var officer = northmere.As(Northmere.WestOfficer);
        var comment = new CommentRevisionRequest { Name = proposed.Name, Text = "Two years are enough." };
        await Problem.IsAsync(
            "FailedPrecondition WRONG_STAGE", async () => await officer.CommentRevisionAsync(comment));
        await northmere.As(DraftExchange.Steward).OpenConsultationAsync(
            new OpenConsultationRequest { Name = proposed.Name }, cancellationToken: Stop);
        await officer.GetAgreementAsync(new GetAgreementRequest { Name = proposed.Name }, cancellationToken: Stop);
        await officer.CommentRevisionAsync(comment, cancellationToken: Stop);
        var said = await northmere.As(DraftExchange.Steward).ListCommentsAsync(
            new ListCommentsRequest { Name = proposed.Name }, cancellationToken: Stop);
        Assert.Equal(("northmere-west-health", comment.Text), (said.Comments[0].Party, said.Comments[0].Text));
        Assert.Contains(said.Readings, r => r.Party == "northmere-west-health");
        Assert.Contains("northmere-police", said.UnreadParties);
        await northmere.As(DraftExchange.Steward).OpenSigningAsync(
            new OpenSigningRequest { Name = proposed.Name }, cancellationToken: Stop);
        var open = await northmere.GetAsync(proposed.Name);
        await northmere.SignAsync(open, 11);
        await northmere.ActivateAsync(open);
        return await northmere.GetAsync();
    }

    async Task OldRevisionGovernsAsync(Agreement first, Agreement second, string submission)
    {
        Assert.NotEqual(first.Revision, second.Revision);
        Assert.Equal(Stage.InForce, second.Stage);
        Assert.Equal(Stage.Replaced, (await northmere.GetAsync(first.Name)).Stage);
        Assert.Equal(first.Revision, (await northmere.Police.GetAsync(submission)).AgreementRevision);

        // Fire reads the feed now; what was sent before was not sent for it to read.
        await Problem.IsAsync("FailedPrecondition NOTHING_SUBMITTED", PublishAsync);

        // The month began under the first one, and so it is the first one that decides about it.
        Assert.Equal(first.Revision, (await CreateAsync(Second)).AgreementRevision);
    }

    async Task SuspendedAsync()
    {
        var steward = northmere.As(DraftExchange.Steward);
        await steward.SuspendAgreementAsync(
            new SuspendAgreementRequest { Name = Northmere.Agreement, Reason = "a breach" }, cancellationToken: Stop);
        await Problem.IsAsync("PermissionDenied AGREEMENT_SUSPENDED", () => CreateAsync(Second));
        var feeds = new FeedService.FeedServiceClient(northmere.Exchange.As(Northmere.CouncilAnalyst));
        await Problem.IsAsync("PermissionDenied AGREEMENT_SUSPENDED", async () =>
            await feeds.ListFeedsAsync(new ListFeedsRequest { Parent = Northmere.Agreement }));
        var audit = new AuditService.AuditServiceClient(northmere.Exchange.As(Northmere.Auditor));
        await audit.ListAccessesAsync(
            new ListAccessesRequest { Parent = Northmere.Police }, cancellationToken: Stop);
        Assert.Equal("a breach", (await northmere.GetAsync()).StageChanges[^1].Reason);
        await steward.ResumeAgreementAsync(
            new ResumeAgreementRequest { Name = Northmere.Agreement, Reason = "closed" }, cancellationToken: Stop);
        await CreateAsync(Second);
    }

    async Task RetiredAsync()
    {
        var steward = northmere.As(DraftExchange.Steward);
        await steward.RetireAgreementAsync(
            new RetireAgreementRequest { Name = Northmere.Agreement, Reason = "dissolved" }, cancellationToken: Stop);
        await Problem.IsAsync("PermissionDenied AGREEMENT_NOT_IN_FORCE", () => CreateAsync(Second));
        await Problem.IsAsync("FailedPrecondition WRONG_STAGE", async () => await steward.ResumeAgreementAsync(
            new ResumeAgreementRequest { Name = Northmere.Agreement, Reason = "again" }));
    }

    async Task<Release> PublishAsync() =>
        await new FeedService.FeedServiceClient(northmere.Exchange.As(DraftExchange.Steward)).PublishReleaseAsync(
            new PublishReleaseRequest
            {
                Parent = Northmere.Agreement + "/feeds/street-level-by-csp", Period = First,
            },
            cancellationToken: Stop);

    Task<Submission> CreateAsync(Period month)
    {
        var request = northmere.Police.Request(month, "X22000001");
        request.ValidateOnly = true;
        return northmere.Police.CreateAsync(request);
    }

    Task<Submission> SubmitAsync(Period month) => northmere.Police.SubmitAsync(
        northmere.Police.Request(month, "X22000001"),
        Northmere.StreetTable(month, Northmere.SmallArea("X22000001"), 3));
}
