using Grpc.Core;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Xunit;
using Cause = IsaExchange.V1.AffectedBy.Types.Cause;
using State = IsaExchange.V1.Submission.Types.State;

namespace IsaExchange.ServiceTests.Records;

/// <summary>After a breach nothing leaves any more, and it is known who has it.</summary>
[Collection(SubmissionActsTogether.Name)]
public sealed class FreezeTests(RecordsExchange northmere)
{
    const string Frozen = "FailedPrecondition FROZEN";
    const string Recipient = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    async Task<byte[]> ExportAsync(string name)
    {
        using var call = northmere.Submissions(Northmere.PoliceOfficer).ExportContent(
            new ExportContentRequest { Name = name, Recipient = Recipient, Purpose = RecordsExchange.Purpose },
            cancellationToken: Stop);
        using var content = new MemoryStream();
        await foreach (var part in call.ResponseStream.ReadAllAsync(Stop))
            content.Write(part.Data.Span);
        return content.ToArray();
    }

    [Theory]
    [InlineData(Northmere.PoliceOfficer)]
    [InlineData(Northmere.Steward)]
    public async Task Frozen_NothingOfItCanBeRead_UntilItIsUnfrozen(string who)
    {
        var file = new CrimeFile(northmere.NextQuarter());
        var submitted = await northmere.SubmitAsync(file);
        var release = await northmere.PublishAsync(file.Quarter);
        var before = await northmere.ReadFileAsync(release);

        var freeze = await northmere.FreezeAsync(who, submitted.Name);
        Assert.Equal([release.Name], freeze.Releases);
        Assert.Equal(["northmere-county-council"], freeze.Parties);
        Assert.Equal(TimeSpan.FromHours(24),
            freeze.NotifyByTime.ToDateTimeOffset() - freeze.FreezeTime.ToDateTimeOffset());

        var ask = RecordsExchange.Ask(file.Quarter);
        var refused = await Problem.IsAsync(Frozen, () => northmere.ReadAsync(Northmere.CouncilAnalyst, ask));
        Assert.Equal("Amara Okafor, amara.okafor@police.northmere.example", refused["contact"]);
        await Problem.IsAsync(Frozen, () => northmere.ReadFileAsync(release));
        await Problem.IsAsync(Frozen, () => ExportAsync(submitted.Name));
        var marked = await northmere.GetReleaseAsync(release.Name);
        Assert.True(marked.Frozen);
        Assert.Equal((submitted.Name, Cause.Frozen), (marked.AffectedBy[0].Submission, marked.AffectedBy[0].Cause));
        await Problem.IsAsync("FailedPrecondition NOTHING_SUBMITTED", () => northmere.PublishAsync(file.Quarter));
        await Problem.IsAsync(
            "FailedPrecondition ALREADY_FROZEN", () => northmere.FreezeAsync(Northmere.Steward, submitted.Name));

        await northmere.UnfreezeAsync(who, submitted.Name);
        Assert.Equal(before, await northmere.ReadFileAsync(release));
        Assert.Equal(file.Expected("X22000001"), (await northmere.ReadAsync(Northmere.CouncilAnalyst, ask)).Text);
        await ExportAsync(submitted.Name);
        Assert.Empty((await northmere.GetReleaseAsync(release.Name)).AffectedBy);
        await Problem.IsAsync("FailedPrecondition NOT_FROZEN", () => northmere.UnfreezeAsync(who, submitted.Name));
    }

    [Fact]
    public async Task OpenStream_EndsWithinASecondOfStreamTime()
    {
        var file = new CrimeFile(northmere.NextQuarter(), Repeats: 40_000);
        var submitted = await northmere.SubmitAsync(file);
        using var call = northmere.Submissions(Northmere.CouncilAnalyst).ReadRecords(
            RecordsExchange.Ask(file.Quarter), cancellationToken: Stop);
        Assert.True(await call.ResponseStream.MoveNext(Stop));
        await northmere.FreezeAsync(Northmere.Steward, submitted.Name);
        await Task.Delay(TimeSpan.FromSeconds(1.2), Stop);
        var came = 0L;
        await Problem.IsAsync(Frozen, async () =>
        {
            await foreach (var message in call.ResponseStream.ReadAllAsync(Stop))
                came += message.Data.Length;
        });
        Assert.InRange(came, 0, file.Expected("X22000001").Length / 2);
        Assert.Equal("FROZEN", (await northmere.AccessesAsync()).First(a => a.Action == "read.records_done").Reason);
    }

    [Fact]
    public async Task Recall_NamesEverybodyWhoTookIt_AndThoseSeeTheFreeze()
    {
        var file = new CrimeFile(northmere.NextQuarter());
        var submitted = await northmere.SubmitAsync(file);
        Assert.Empty(await northmere.RecallAsync(Northmere.PoliceOfficer, submitted.Name));
        var release = await northmere.PublishAsync(file.Quarter);
        await northmere.ReadFileAsync(release);
        await northmere.ReadFileAsync(release, Northmere.WestOfficer);
        await northmere.ReadAsync(RecordsExchange.DistrictOfficer, RecordsExchange.Ask(file.Quarter));
        await ExportAsync(submitted.Name);
        await Problem.OfAsync(() => northmere.ReadAsync(Northmere.Steward, RecordsExchange.Ask(file.Quarter)));

        // Of another quarter: not of this submission.
        var other = new CrimeFile(northmere.NextQuarter());
        await northmere.SubmitAsync(other);
        await northmere.ReadFileAsync(await northmere.PublishAsync(other.Quarter), Northmere.EastOfficer);

        foreach (var who in new[] { Northmere.PoliceOfficer, Northmere.Steward })
        {
            var pulls = await northmere.RecallAsync(who, submitted.Name);
            Assert.Equal(
                [
                    ("northmere-county-council", "Priya Raman", "read.release_file", RecordsExchange.Purpose),
                    ("northmere-west-health", "Fatima Noor", "read.release_file", RecordsExchange.Purpose),
                    (RecordsExchange.DistrictParty, "Gareth Lowe", "read.records", RecordsExchange.Purpose),
                    ("northmere-police", "Amara Okafor", "export.records", RecordsExchange.Purpose),
                ],
                pulls.Select(p => (p.Party, p.ActorName, p.Action, p.Purpose)));
            Assert.Equal((6, true), (pulls[2].Rows, pulls[2].Finished));
            Assert.Equal("Ruth Pemberton, ruth.pemberton@council.northmere.example", pulls[0].Contact);
        }

        var freeze = await northmere.FreezeAsync(Northmere.PoliceOfficer, submitted.Name, "Qzbreach of something");
        Assert.Equal(
            [RecordsExchange.DistrictParty, "northmere-county-council", "northmere-police", "northmere-west-health"],
            freeze.Parties);
        var west = await northmere.AccessesAsync(Northmere.WestOfficer, Northmere.WestHealth);
        Assert.Contains(west, a => a.Action == "submit.freeze" && a.Object == submitted.Name);
        var east = await northmere.AccessesAsync(Northmere.EastOfficer, Northmere.EastHealth);
        Assert.DoesNotContain(east, a => a.Object == submitted.Name);
        Assert.Equal(0, northmere.Catalogue.Scalar("select count(*) from Events where Json like '%Qzbreach%'"));
    }

    [Fact]
    public async Task CorrectedWhileFrozen_TheCorrectionIsFreeAndTheOldReleaseIsNot()
    {
        var file = new CrimeFile(northmere.NextQuarter());
        var submitted = await northmere.SubmitAsync(file);
        var release = await northmere.PublishAsync(file.Quarter);
        await northmere.FreezeAsync(Northmere.PoliceOfficer, submitted.Name);
        var corrected = await northmere.CorrectAsync(submitted, file with { Repeats = 2 });
        var read = await northmere.ReadAsync(Northmere.CouncilAnalyst, RecordsExchange.Ask(file.Quarter));
        Assert.Equal(corrected.Name, Assert.Single(read.Head.Sources).Submission);
        await northmere.ReadFileAsync(await northmere.PublishAsync(file.Quarter));
        await Problem.IsAsync(Frozen, () => northmere.ReadFileAsync(release));
    }

    [Fact]
    public async Task WithdrawnWhileFrozen_ItsReleasesStayFrozenUntilSomebodySaysOtherwise()
    {
        var file = new CrimeFile(northmere.NextQuarter());
        var submitted = await northmere.SubmitAsync(file);
        var release = await northmere.PublishAsync(file.Quarter);
        await northmere.FreezeAsync(Northmere.Steward, submitted.Name);
        var withdrawn = await northmere.WithdrawAsync(Northmere.PoliceOfficer, submitted.Name);
        Assert.Equal((State.Withdrawn, 2), (withdrawn.State, withdrawn.Acts.Count));
        await Problem.IsAsync(Frozen, () => northmere.ReadFileAsync(release));
        await northmere.UnfreezeAsync(Northmere.Steward, submitted.Name);
        await northmere.ReadFileAsync(release);
        Assert.Equal(Cause.Withdrawn, Assert.Single((await northmere.GetReleaseAsync(release.Name)).AffectedBy).Cause);
    }

    [Fact]
    public async Task WhoMayNot_AndWhatWasNeverSubmitted_IsRefused()
    {
        var file = new CrimeFile(northmere.NextQuarter());
        var ready = await northmere.Sender.SendAsync(
            northmere.Sender.Request(file.Quarter, CrimeFile.Areas), file.Content);
        await Problem.IsAsync(
            "FailedPrecondition NOT_SUBMITTED", () => northmere.FreezeAsync(Northmere.PoliceOfficer, ready.Name));
        await northmere.Sender.SubmitAsync(ready.Name);
        foreach (var (who, expected) in new[]
        {
            (Northmere.PoliceSender, "PermissionDenied NOT_DESIGNATED_OFFICER"),
            (Northmere.CouncilAnalyst, "NotFound NOT_FOUND"), (Northmere.WestOfficer, "NotFound NOT_FOUND"),
            (Northmere.Auditor, "NotFound NOT_FOUND"),
        })
        {
            await Problem.IsAsync(expected, () => northmere.FreezeAsync(who, ready.Name));
            await Problem.IsAsync(expected, () => northmere.UnfreezeAsync(who, ready.Name));
            await Problem.IsAsync(expected, () => northmere.RecallAsync(who, ready.Name));
        }

        await Problem.IsAsync("NotFound NOT_FOUND", () => northmere.FreezeAsync(
            Northmere.Steward, ready.Name[..^32] + Guid.NewGuid().ToString("N")));
    }

    [Fact]
    public async Task Isax_FreezesTellsWhoHasItAndUnfreezes()
    {
        var file = new CrimeFile(northmere.NextQuarter());
        var submitted = await northmere.SubmitAsync(file);
        await northmere.ReadAsync(RecordsExchange.DistrictOfficer, RecordsExchange.Ask(file.Quarter));
        var exchange = northmere.Exchange;
        var frozen = await exchange.IsaxAsync(Northmere.Steward, "freeze", submitted.Name, "--reason", "a breach");
        Assert.True(frozen.ExitCode == 0, $"{frozen}");
        Assert.Contains(RecordsExchange.DistrictParty, frozen.Output, StringComparison.Ordinal);
        var recall = await exchange.IsaxAsync(Northmere.PoliceOfficer, "recall", submitted.Name[^32..], "-o", "csv");
        Assert.True(recall.ExitCode == 0, $"{recall}");
        Assert.Contains("gareth.lowe@alderbrook.example", recall.Output, StringComparison.Ordinal);
        var again = await exchange.IsaxAsync(Northmere.Steward, "freeze", submitted.Name, "--reason", "again");
        Assert.True(again.ExitCode == 6, $"{again}");
        var status = await exchange.IsaxAsync(Northmere.PoliceOfficer, "status");
        Assert.Contains("SUBMITTED, FROZEN", status.Output, StringComparison.Ordinal);
        var unfrozen = await exchange.IsaxAsync(Northmere.Steward, "unfreeze", submitted.Name, "--reason", "no breach");
        Assert.True(unfrozen.ExitCode == 0, $"{unfrozen}");
        var withdrawn = await exchange.IsaxAsync(
            Northmere.PoliceOfficer, "withdraw", submitted.Name, "--reason", "the wrong file");
        Assert.True(withdrawn.ExitCode == 0, $"{withdrawn}");
        Assert.Contains("WITHDRAWN", withdrawn.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnfreezeUnderTheIdOfTheFreeze_IsRefusedAndNotTakenForItsRepetition()
    {
        var submitted = await northmere.SubmitAsync(new CrimeFile(northmere.NextQuarter()));
        var id = Guid.NewGuid().ToString("D");
        var steward = northmere.Submissions(Northmere.Steward);
        await steward.FreezeSubmissionAsync(
            new FreezeSubmissionRequest { Name = submitted.Name, Reason = "a breach", RequestId = id },
            cancellationToken: Stop);
        await Problem.IsAsync("AlreadyExists REQUEST_ID_REUSED", async () => await steward.UnfreezeSubmissionAsync(
            new UnfreezeSubmissionRequest { Name = submitted.Name, Reason = "a breach", RequestId = id },
            cancellationToken: Stop));
        await northmere.UnfreezeAsync(Northmere.Steward, submitted.Name);
    }
}
