using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Xunit;
using Cause = IsaExchange.V1.AffectedBy.Types.Cause;
using State = IsaExchange.V1.Submission.Types.State;

namespace IsaExchange.ServiceTests.Records;

/// <summary>What was withdrawn counts for nothing, its content is gone, and what was made of it says so.</summary>
[Collection(SubmissionActsTogether.Name)]
public sealed class WithdrawTests(RecordsExchange northmere)
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    async Task<Obligation.Types.State> ObligationAsync(Period quarter) => (await northmere.Compliance(
        Northmere.PoliceOfficer).ListObligationsAsync(
            new ListObligationsRequest
            {
                Parent = Northmere.Agreement, Party = "northmere-police", Period = quarter, PageSize = 1000,
            },
            cancellationToken: Stop)).Obligations.First(o =>
                o.Dataset == RecordsExchange.Dataset && o.Area == "X22000001").State;

    [Fact]
    public async Task Withdrawn_CountsForNothingAndItsContentIsGone()
    {
        var file = new CrimeFile(northmere.NextQuarter());
        var submitted = await northmere.SubmitAsync(file);
        Assert.Equal(Obligation.Types.State.FulfilledLate, await ObligationAsync(file.Quarter));
        var content = await northmere.ObjectOfAsync(submitted);

        var withdrawn = await northmere.WithdrawAsync(Northmere.PoliceOfficer, submitted.Name, "Qzwrong quarter");
        Assert.Equal(State.Withdrawn, withdrawn.State);
        Assert.NotNull(withdrawn.WithdrawTime);
        Assert.NotNull(withdrawn.DestroyTime);
        Assert.Equal("Qzwrong quarter", Assert.Single(withdrawn.Acts).Reason);
        Assert.Equal(submitted.Receipt.SignedNote, withdrawn.Receipt.SignedNote);
        Assert.False(await northmere.Objects.ExistsAsync(content));
        Assert.DoesNotContain(
            await northmere.Objects.NamesAsync("cubes/"),
            n => n.Contains(submitted.Name[^32..], StringComparison.Ordinal));
        Assert.Equal(Obligation.Types.State.Overdue, await ObligationAsync(file.Quarter));
        var gone = await northmere.RefusedAsync(Northmere.CouncilAnalyst, RecordsExchange.Ask(file.Quarter));
        Assert.Equal("FailedPrecondition NOTHING_SUBMITTED", gone.ToString());

        var told = (await northmere.AccessesAsync()).Where(a => a.Object == submitted.Name).ToList();
        Assert.Contains(told, a => a.Action == "submit.withdraw");
        Assert.Contains(told, a => a.Action == "submit.content_destroyed");
        Assert.Equal(0, northmere.Catalogue.Scalar("select count(*) from Events where Json like '%Qzwrong%'"));
        var again = await northmere.SubmitAsync(file);
        Assert.Equal(State.Submitted, again.State);
        Assert.Equal(Obligation.Types.State.FulfilledLate, await ObligationAsync(file.Quarter));
    }

    [Fact]
    public async Task ReleaseMadeFromIt_StaysReadableAndSaysSo()
    {
        var file = new CrimeFile(northmere.NextQuarter());
        var submitted = await northmere.SubmitAsync(file);
        var release = await northmere.PublishAsync(file.Quarter);
        var before = await northmere.ReadFileAsync(release);
        await northmere.WithdrawAsync(Northmere.PoliceOfficer, submitted.Name);
        var marked = await northmere.GetReleaseAsync(release.Name);
        var mark = Assert.Single(marked.AffectedBy);
        Assert.Equal((submitted.Name, Cause.Withdrawn, false), (mark.Submission, mark.Cause, marked.Frozen));
        Assert.Equal(before, await northmere.ReadFileAsync(release));
        var problem = await Problem.OfAsync(() => northmere.PublishAsync(file.Quarter));
        Assert.Equal("FailedPrecondition NOTHING_SUBMITTED", problem.ToString());
    }

    [Fact]
    public async Task ReadyOne_IsWithdrawnAndCanBeSentAnew()
    {
        var file = new CrimeFile(northmere.NextQuarter());
        var request = northmere.Sender.Request(file.Quarter, CrimeFile.Areas);
        var ready = await northmere.Sender.SendAsync(request, file.Content);
        var withdrawn = await northmere.WithdrawAsync(Northmere.PoliceDeputy, ready.Name);
        Assert.Equal(State.Withdrawn, withdrawn.State);
        var problem = await Problem.OfAsync(() => northmere.Sender.SubmitAsync(ready.Name));
        Assert.Equal("FailedPrecondition NOT_READY", problem.ToString());
        Assert.Equal(State.Submitted, (await northmere.SubmitAsync(file)).State);
    }

    [Fact]
    public async Task WhoMayNot_AndWhatCannotBe_IsRefused()
    {
        var file = new CrimeFile(northmere.NextQuarter());
        var submitted = await northmere.SubmitAsync(file);
        foreach (var (who, expected) in new[]
        {
            (Northmere.PoliceSender, "PermissionDenied NOT_DESIGNATED_OFFICER"),
            (Northmere.PoliceAnalyst, "PermissionDenied NOT_DESIGNATED_OFFICER"),
            (Northmere.Steward, "NotFound NOT_FOUND"), (Northmere.WestOfficer, "NotFound NOT_FOUND"),
        })
            await Problem.IsAsync(expected, () => northmere.WithdrawAsync(who, submitted.Name));
        var officer = Northmere.PoliceOfficer;
        await Problem.IsAsync(
            "InvalidArgument REASON_REQUIRED", () => northmere.WithdrawAsync(officer, submitted.Name, " "));
        await Problem.IsAsync("InvalidArgument REASON_REQUIRED", () =>
            northmere.WithdrawAsync(officer, submitted.Name, new string('x', 1001)));
        var open = await northmere.Sender.CreateAsync(
            northmere.Sender.Request(northmere.NextQuarter(), CrimeFile.Areas));
        await Problem.IsAsync(
            "FailedPrecondition NOT_WITHDRAWABLE", () => northmere.WithdrawAsync(officer, open.Name));
        await northmere.WithdrawAsync(officer, submitted.Name);
        await Problem.IsAsync(
            "FailedPrecondition ALREADY_WITHDRAWN", () => northmere.WithdrawAsync(officer, submitted.Name));
    }

    [Fact]
    public async Task CrashBeforeTheContentIsDestroyed_TheNextStartDestroysIt()
    {
        var file = new CrimeFile(northmere.NextQuarter());
        var submitted = await northmere.SubmitAsync(file);
        var content = await northmere.Objects.TakeAsync(await northmere.ObjectOfAsync(submitted));
        await northmere.WithdrawAsync(Northmere.PoliceOfficer, submitted.Name);
        await northmere.Exchange.KillAsync();
        await northmere.Objects.PutBackAsync(content);
        Assert.Equal(1, northmere.Catalogue.Scalar(
            "update Submissions set DestroyTicks = null where Id = $id returning 1", ("$id", submitted.Name[^32..])));
        await northmere.Exchange.ServeAsync();
        for (var tries = 0; await northmere.Objects.ExistsAsync(content.Name); tries++)
        {
            Assert.True(tries < 200, "The content of a withdrawn submission is still there.");
            await Task.Delay(50, Stop);
        }

        for (var tries = 0; (await northmere.Sender.GetAsync(submitted.Name)).DestroyTime is null; tries++)
        {
            Assert.True(tries < 200, "Nothing says that the content is gone.");
            await Task.Delay(50, Stop);
        }
    }

    [Fact]
    public async Task RepeatedRequest_IsTheSameActAndATrialIsNone()
    {
        var submitted = await northmere.SubmitAsync(new CrimeFile(northmere.NextQuarter()));
        var submissions = northmere.Submissions(Northmere.PoliceOfficer);
        var request = new WithdrawSubmissionRequest { Name = submitted.Name, Reason = "x", ValidateOnly = true };
        var tried = await submissions.WithdrawSubmissionAsync(request, cancellationToken: Stop);
        Assert.Equal((State.Submitted, 0), (tried.State, tried.Acts.Count));
        (request.ValidateOnly, request.RequestId) = (false, Guid.NewGuid().ToString("D"));
        var first = await submissions.WithdrawSubmissionAsync(request, cancellationToken: Stop);
        var second = await submissions.WithdrawSubmissionAsync(request, cancellationToken: Stop);

        // Meanwhile the log may have taken its receipt in and the content may be gone; the act is the same.
        Assert.Equal((first.State, first.WithdrawTime), (second.State, second.WithdrawTime));
        Assert.Equal(Assert.Single(first.Acts), Assert.Single(second.Acts));
        request.Reason = "y";
        await Problem.IsAsync("AlreadyExists REQUEST_ID_REUSED", async () =>
            await submissions.WithdrawSubmissionAsync(request, cancellationToken: Stop));
    }

    [Fact]
    public async Task WithdrawnCorrection_DoesNotBringBackWhatItCorrected()
    {
        var file = new CrimeFile(northmere.NextQuarter());
        var submitted = await northmere.SubmitAsync(file);
        var corrected = await northmere.CorrectAsync(submitted, file with { Repeats = 2 });
        await northmere.WithdrawAsync(Northmere.PoliceOfficer, corrected.Name);
        Assert.Equal(State.Superseded, (await northmere.Sender.GetAsync(submitted.Name)).State);
        Assert.Equal(Obligation.Types.State.Overdue, await ObligationAsync(file.Quarter));
        Assert.Equal(State.Withdrawn, (await northmere.WithdrawAsync(Northmere.PoliceOfficer, submitted.Name)).State);
    }
}
