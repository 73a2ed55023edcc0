using System.Text;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Tests.Exchange.KeyLife;
using Xunit;

namespace IsaExchange.Tests.Exchange.Releasing;

/// <summary>What is proposed and never published does not stay in the store; all else does.</summary>
public sealed class ClearProposalsTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("open", 13, true)]
    [InlineData("open", 14.5, true)]
    [InlineData("open", 15.1, false)]
    [InlineData("rejected", 0, false)]
    [InlineData("published", 30, true)]
    [InlineData("unheard of", 6.9, true)]
    [InlineData("unheard of", 7.1, false)]
    [InlineData("of another name", 30, true)]
    public async Task FilesAndSecrets_AreKeptAsLongAsTheyCanBePublished(string state, double days, bool areKept)
    {
        await using var stage = await KeyStage.AtAsync("2026-08-01T09:00:00Z", Stop);
        var made = stage.Clock.GetUtcNow();
        var row = Row(state == "of another name" ? "b1" : Guid.CreateVersion7(made).ToString("N"), made);
        ObjectName[] names =
        [
            new(row.ObjectOf("manifest.json")), new(row.ObjectOf("statements")), row.AsRelease(1, 1).SecretsObject,
        ];
        var kek = await stage.Keys.CurrentAsync(KeyNames.Releases, Stop);
        foreach (var name in names)
            await SealedObjects.PutAsync(stage.Store, name, kek, Encoding.UTF8.GetBytes("sealed"), Stop);
        await stage.Trail.CommitAsync(
            async scope =>
            {
                if (state is not ("unheard of" or "of another name"))
                    scope.Catalogue.ReleaseProposals.Add(row);
                if (state == "rejected")
                    scope.Catalogue.ProposalActs.Add(Rejected(row));
                if (state == "published")
                    scope.Catalogue.Releases.Add(row.AsRelease(1, 1));
                return await scope.RecordAsync(new AuditEvent(AuditActions.ProposeRelease, row.Name));
            },
            Stop);
        stage.Clock.Advance(TimeSpan.FromDays(days));

        // The second run finds nothing left to do.
        for (var run = 0; run < 2; run++)
            await new ClearProposals(stage.Catalogue, stage.Store, stage.Clock).RunAsync(Stop);
        foreach (var name in names)
            Assert.Equal(areKept, await IsThereAsync(stage, name));
    }

    static async Task<bool> IsThereAsync(KeyStage stage, ObjectName name)
    {
        await foreach (var found in stage.Store.ListAsync("release", Stop))
        {
            if (found == name)
                return true;
        }

        return false;
    }

    static ProposalActRow Rejected(ReleaseProposalRow row) => new()
    {
        Event = "e2", Proposal = row.Id, Kind = ProposalActKind.Reject, Actor = "a", Party = "p", Reason = "a trial",
        Ticks = 1,
    };

    static ReleaseProposalRow Row(string id, DateTimeOffset now) => new()
    {
        Id = id, Agreement = "northmere", Feed = "crime", Number = 1, Build = id, AgreementRevision = "r",
        Dataset = "d", PeriodStart = "2026-04-01", PeriodEnd = "2026-07-01", ProposeTicks = now.UtcTicks,
        LapseTicks = now.AddDays(14).UtcTicks, Note = "", CoverageJson = "[]", InputsJson = "[]", EarlierJson = "[]",
        FilesJson = """[{"Name":"manifest.json","MediaType":"","Bytes":1,"Sha256":"","Rows":1}]""",
        SecretsSha256 = "", Complete = true, ManifestSha256 = "", Proposer = "a", Party = "p", Event = "e1",
    };
}
