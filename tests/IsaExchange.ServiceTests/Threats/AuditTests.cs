using Grpc.Core;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.TransparencyLog;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Threats;

/// <summary>An exchange whose log grows by the tests of this class alone.</summary>
public sealed class AuditedExchange : NorthmereExchange
{
    /// <summary>One submission of the police, receipted and integrated.</summary>
    public Submission Submitted { get; private set; } = new();

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        var slot = NextSlot();
        Submitted = await IntegratedAsync((await Police.SubmitAsync(Police.Request(slot), slot.Table())).Name);
    }
}

/// <summary>
/// The log holds every call, shows each authority its own, and proves it without the exchange's
/// help.
/// </summary>
public sealed class AuditTests(AuditedExchange northmere) : IClassFixture<AuditedExchange>
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    sealed record Step(Func<Task> Call, params string[] Events);

    /// <summary>Ten calls of different kinds, and what each must leave in the log.</summary>
    IEnumerable<Step> Round()
    {
        var slot = northmere.NextSlot();
        var police = northmere.Police;
        var name = "";
        yield return new(async () => name = (await police.CreateAsync(slot)).Name, "submit.create allow");
        yield return new(() => police.StatusAsync(name), "read.submission allow");
        yield return new(
            () => police.WriteAsync(WireSender.Messages(name, slot.Table())),
            "submit.write allow", "submit.ready allow");
        yield return new(() => police.GetAsync(name), "read.submission allow");
        yield return new(() => police.SubmitAsync(name), "submit.submit allow");
        yield return new(
            async () => await northmere.Submissions(Northmere.PoliceOfficer)
                .ListSubmissionsAsync(
                    new ListSubmissionsRequest { Parent = Northmere.Police + "/datasets/-" }, cancellationToken: Stop),
            "read.submission allow");
        yield return new(
            () => Problem.OfAsync(async () => await northmere.Submissions(Northmere.WestOfficer)
                .GetSubmissionAsync(new GetSubmissionRequest { Name = name }, cancellationToken: Stop)),
            "read.submission deny PARTY_NOT_COVERED");
        yield return new(
            async () => await northmere.Agreements(Northmere.Steward)
                .GetAgreementAsync(new GetAgreementRequest { Name = Northmere.Agreement }, cancellationToken: Stop),
            "read.agreement allow");
        yield return new(
            async () => await northmere.Compliance(Northmere.Auditor)
                .ListObligationsAsync(
                    new ListObligationsRequest { Parent = Northmere.Agreement }, cancellationToken: Stop),
            "read.obligations allow");
        yield return new(WithoutCredentialAsync, "auth.refused deny UNAUTHENTICATED");
    }

    async Task WithoutCredentialAsync()
    {
        using var channel = northmere.Exchange.Connect(null);
        var agreements = new AgreementService.AgreementServiceClient(channel.CreateCallInvoker());
        await Problem.OfAsync(async () =>
            await agreements.GetAgreementAsync(
                new GetAgreementRequest { Name = Northmere.Agreement }, cancellationToken: Stop));
    }

    [Fact]
    public async Task FiftyMixedCalls_LeaveTheirEventsAndNoOthers()
    {
        var before = northmere.Catalogue.Events();
        var steps = Enumerable.Range(0, 5).SelectMany(_ => Round()).ToList();
        Assert.Equal(50, steps.Count);
        foreach (var step in steps)
            await step.Call();
        Assert.Equal(steps.SelectMany(s => s.Events), northmere.Catalogue.EventsAfter(before));
    }

    [Fact]
    public async Task PublicationRepeatedByItsRequestId_IsInTheLogAgain()
    {
        var feeds = northmere.Feeds(Northmere.Steward);
        var request = new PublishReleaseRequest
        {
            Parent = Northmere.StreetFeed,
            Period = northmere.Submitted.Period,
            RequestId = Guid.NewGuid().ToString("D"),
        };
        var first = await feeds.PublishReleaseAsync(request, cancellationToken: Stop);
        var before = northmere.Catalogue.Events();
        Assert.Equal(first, await feeds.PublishReleaseAsync(request, cancellationToken: Stop));
        Assert.Equal(["release.publish allow REPEATED"], northmere.Catalogue.EventsAfter(before));
    }

    async Task<(string Checkpoint, List<AuditBundleEntry> Entries)> ExportAsync(string who, string parent)
    {
        using var call = northmere.Audit(who).ExportLog(
            new ExportLogRequest { Parent = parent }, cancellationToken: Stop);
        var parts = await call.ResponseStream.ReadAllAsync(Stop).ToListAsync(Stop);
        Assert.Equal(ExportLogResponse.PartOneofCase.Checkpoint, parts[0].PartCase);
        return (parts[0].Checkpoint, parts.Skip(1).Select(p => Read(p.Entry)).ToList());
    }

    static AuditBundleEntry Read(LogEntry entry) => new(
        entry.Index, entry.Leaf.ToByteArray(), entry.EventJson.Length > 0 ? entry.EventJson : null,
        entry.Salt.Length > 0 ? entry.Salt.ToByteArray() : null);

    [Fact]
    public async Task ExportedLog_VerifiesAndEveryChangeOfItDoesNot()
    {
        var (checkpoint, entries) = await ExportAsync(Northmere.PoliceOfficer, Northmere.Police);
        var verdict = AuditBundle.Verify(checkpoint, entries, northmere.LogKey, remembered: null);
        Assert.True(verdict.Ok, string.Join('\n', verdict.Problems));
        Assert.Equal(entries.Count, verdict.Size);
        var shown = entries.FindIndex(e => !e.IsMasked);
        AuditBundleEntry[] altered =
        [
            entries[shown] with
            {
                EventJson = entries[shown].EventJson!.Replace("allow", "admit", StringComparison.Ordinal),
            },
            entries[shown] with { Leaf = [.. entries[shown].Leaf.Reverse()] },
            entries[shown] with { Salt = new byte[32] },
        ];
        foreach (var one in altered)
        {
            var tampered = entries.ToList();
            tampered[shown] = one;
            Assert.False(AuditBundle.Verify(checkpoint, tampered, northmere.LogKey, remembered: null).Ok);
        }

        Assert.False(AuditBundle.Verify(checkpoint, entries.SkipLast(1), northmere.LogKey, remembered: null).Ok);
    }

    [Fact]
    public async Task AnothersEntries_AreThereButTellNothing()
    {
        var (checkpoint, entries) = await ExportAsync(Northmere.WestOfficer, Northmere.WestHealth);
        Assert.True(AuditBundle.Verify(checkpoint, entries, northmere.LogKey, remembered: null).Ok);
        Assert.Equal(Enumerable.Range(0, entries.Count).Select(i => (long)i), entries.Select(e => e.Index));
        var receipted = entries[(int)northmere.Submitted.Receipt.LeafIndex];
        Assert.Equal(((string?)null, (byte[]?)null), (receipted.EventJson, receipted.Salt));
        Assert.Contains(entries, e => !e.IsMasked);

        // What its own people have asked for stands in their own words, whatever became of it.
        const string OwnAct = "\"party\":\"northmere-west-health\"";
        var others = entries.Select(e => e.EventJson ?? "").Where(e => !e.Contains(OwnAct, StringComparison.Ordinal));
        Assert.All(others, e => Assert.DoesNotContain("northmere-police/", e, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Receipt_ProvesItselfOffline()
    {
        var receipt = northmere.Submitted.Receipt;
        var leaf = LogHash.FromBytes(receipt.LeafHash.Span);
        var proof = TlogProof.Parse(receipt.InclusionProof);
        Assert.Equal(receipt.LeafIndex, proof.Index);
        var head = Checkpoint.Parse(SignedNote.Open(proof.CheckpointNote, [northmere.LogKey]).Text);
        Assert.True(TreeProofs.VerifyInclusion(leaf, proof.Index, head.Size, head.Root, proof.Hashes));
        Assert.False(TreeProofs.VerifyInclusion(leaf, proof.Index - 1, head.Size, head.Root, proof.Hashes));

        var said = SignedNote.Open(receipt.SignedNote, [northmere.LogKey]).Text;
        Assert.Contains($"event {receipt.EventId} leaf {leaf.ToBase64()}\n", said, StringComparison.Ordinal);
        Assert.Contains($"submission {northmere.Submitted.Name}\n", said, StringComparison.Ordinal);
        Assert.Contains(Convert.ToHexStringLower(receipt.ContentSha256.Span), said, StringComparison.Ordinal);

        var (_, entries) = await ExportAsync(Northmere.PoliceOfficer, Northmere.Police);
        Assert.Equal(leaf, MerkleTree.LeafHash(entries[(int)receipt.LeafIndex].Leaf));
    }

    [Fact]
    public async Task TwoCheckpoints_AreProvedConsistentAndAForkIsNot()
    {
        var audit = northmere.Audit(Northmere.WestOfficer);
        var old = Head(await audit.GetCheckpointAsync(new GetCheckpointRequest { Size = 1 }, cancellationToken: Stop));
        var now = Head(await audit.GetCheckpointAsync(new GetCheckpointRequest(), cancellationToken: Stop));
        Assert.InRange(old.Size, 1, now.Size - 1);
        var proof = await audit.GetConsistencyProofAsync(
            new GetConsistencyProofRequest { OldSize = old.Size, NewSize = now.Size }, cancellationToken: Stop);
        var hashes = proof.Hashes.Select(h => LogHash.FromBytes(h.Span)).ToList();
        Assert.True(TreeProofs.VerifyConsistency(old.Size, now.Size, old.Root, now.Root, hashes));
        Assert.False(TreeProofs.VerifyConsistency(old.Size, now.Size, now.Root, now.Root, hashes));
        var beyond = await Problem.OfAsync(async () => await audit.GetConsistencyProofAsync(
            new GetConsistencyProofRequest { OldSize = old.Size, NewSize = long.MaxValue }, cancellationToken: Stop));
        Assert.Equal("OutOfRange SIZE_OUT_OF_RANGE", beyond.ToString());
    }

    Checkpoint Head(GetCheckpointResponse response) =>
        Checkpoint.Parse(SignedNote.Open(response.Checkpoint, [northmere.LogKey]).Text);
}
