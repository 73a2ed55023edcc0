using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Xunit;
using State = IsaExchange.V1.Submission.Types.State;

namespace IsaExchange.ServiceTests.Wire;

/// <summary>What may be created, submitted and corrected, by whom.</summary>
[Collection(WireTogether.Name)]
public sealed class SubmissionTests(WireExchange northmere)
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    WireSender Police => northmere.Police;

    SubmissionService.SubmissionServiceClient Officer => northmere.Submissions(Northmere.PoliceOfficer);

    Task<Problem> RefusedAsync(CreateSubmissionRequest request) => Problem.OfAsync(() => Police.CreateAsync(request));

    async Task<Submission> SubmitAsOfficerAsync(string name) =>
        await Officer.SubmitSubmissionAsync(new SubmitSubmissionRequest { Name = name }, cancellationToken: Stop);

    [Fact]
    public async Task OpenQueries_StopTheOfficerUntilTheyAreExplained()
    {
        var slot = northmere.NextSlot();
        var sent = await Police.SendAsync(Police.Request(slot), slot.TableOutside());
        Assert.Equal((State.Ready, 1), (sent.State, sent.ViolationSummary.UnexplainedQueryCount));
        var problem = await Problem.OfAsync(() => SubmitAsOfficerAsync(sent.Name));
        Assert.Equal("FailedPrecondition QUERY_NOT_EXPLAINED", problem.ToString());

        var group = $"{sent.Name}/violationGroups/{problem["group"]}";
        await Officer.ExplainViolationGroupAsync(
            new ExplainViolationGroupRequest { Name = group, Explanation = "The points lie over the boundary." },
            cancellationToken: Stop);
        Assert.Equal(0, (await Police.GetAsync(sent.Name)).ViolationSummary.UnexplainedQueryCount);
        Assert.Equal(State.Submitted, (await SubmitAsOfficerAsync(sent.Name)).State);
    }

    [Fact]
    public async Task OpenQueries_DoNotStopASenderThatIsUnattended()
    {
        var slot = northmere.NextSlot();
        var submitted = await Police.SubmitAsync(Police.Request(slot), slot.TableOutside());
        Assert.Equal((State.Submitted, 1), (submitted.State, submitted.ViolationSummary.UnexplainedQueryCount));
    }

    [Fact]
    public async Task SenderThatIsAttended_SubmitsNothing()
    {
        var east = new WireSender(northmere.Submissions(Northmere.EastSender), Northmere.EastAdmissions);
        var period = Northmere.Quarter(2024, 4);
        var sent = await east.SendAsync(
            east.Request(period, "X22000004"), Northmere.AdmissionsTable(period, ("X22000004", "F10", 9)));
        Assert.Equal(State.Ready, sent.State);
        var problem = await Problem.OfAsync(() => east.SubmitAsync(sent.Name));
        Assert.Equal("PermissionDenied NOT_DESIGNATED_OFFICER", problem.ToString());
        Assert.Equal("senders[northmere-east-health/data-warehouse]", problem["clause"]);
        Assert.StartsWith("Daniel Okoro", problem["contact"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Errors_CannotBeSubmittedNorExplainedAway()
    {
        var slot = Slot.Unused;
        var content = Northmere.StreetTable(slot.Month, Northmere.SmallArea(slot.Area), 3, "jaywalking");
        var sent = await Police.SendAsync(Police.Request(slot), content);
        Assert.Equal(State.NeedsCorrection, sent.State);
        await Problem.IsAsync("FailedPrecondition VALIDATION_NOT_PASSED", () => SubmitAsOfficerAsync(sent.Name));
        var found = await Officer.ListViolationsAsync(
            new ListViolationsRequest { Parent = sent.Name }, cancellationToken: Stop);
        Assert.DoesNotContain("jaywalking", found.ToString(), StringComparison.Ordinal);
        var group = found.ViolationGroups[0].Name;
        var explain = new ExplainViolationGroupRequest { Name = group, Explanation = "It is fine." };
        var problem = await Problem.OfAsync(async () =>
            await Officer.ExplainViolationGroupAsync(explain, cancellationToken: Stop));
        Assert.Equal("FailedPrecondition NOT_A_QUERY", problem.ToString());
    }

    [Fact]
    public async Task ContentThatIsNotWhole_CannotBeSubmitted()
    {
        var name = (await Police.CreateAsync(Slot.Unused)).Name;
        await Problem.IsAsync("FailedPrecondition CONTENT_INCOMPLETE", () => Police.SubmitAsync(name));
    }

    CreateSubmissionRequest Nil(Slot slot, string reason = "No records this month.")
    {
        var request = Police.Request(slot);
        (request.Submission.ContentKind, request.Submission.NilReturnReason) = (ContentKind.NilReturn, reason);
        return request;
    }

    [Fact]
    public async Task NilReturn_FulfilsItsObligation()
    {
        // Of the present month: whatever day it is, that is not due yet.
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var slot = new Slot(Northmere.Months(new DateOnly(today.Year, today.Month, 1), 1), "X22000002");
        var created = await Police.CreateAsync(Nil(slot));
        Assert.Equal((State.Ready, ContentKind.NilReturn), (created.State, created.ContentKind));
        var submitted = await Police.SubmitAsync(created.Name);
        Assert.Empty(submitted.Receipt.ContentSha256);
        Assert.Contains("content nil return\n", submitted.Receipt.SignedNote, StringComparison.Ordinal);
        var owed = await northmere.Compliance(Northmere.WestOfficer).ListObligationsAsync(
            new ListObligationsRequest
            {
                Parent = Northmere.Agreement, Party = "northmere-police", Period = slot.Month, PageSize = 1000,
            },
            cancellationToken: Stop);
        var obligation = Assert.Single(owed.Obligations, o =>
            o.Dataset == "police-street-level" && o.Area == slot.Area);
        Assert.Equal(Obligation.Types.State.Nil, obligation.State);
        Assert.Equal([submitted.Name], obligation.Submissions);
    }

    [Fact]
    public async Task NilReturnWithContent_IsRefused()
    {
        var declared = Nil(Slot.Unused);
        declared.Submission.ExpectedSizeBytes = 1;
        Assert.Equal("InvalidArgument NIL_RETURN_HAS_CONTENT", (await RefusedAsync(declared)).ToString());
        var name = (await Police.CreateAsync(Nil(Slot.Unused))).Name;
        var written = await Problem.OfAsync(() => Police.WriteAsync(WireSender.Messages(name, Slot.Unused.Table())));
        Assert.Equal("FailedPrecondition NIL_RETURN_HAS_CONTENT", written.ToString());
    }

    [Fact]
    public async Task NilReturnWithoutAReason_IsRefused() =>
        Assert.Equal("InvalidArgument REASON_REQUIRED", (await RefusedAsync(Nil(Slot.Unused, " "))).ToString());

    CreateSubmissionRequest Correction(Slot slot, string supersedes, string reason = "A late record.")
    {
        var request = Police.Request(slot);
        (request.Submission.Supersedes, request.Submission.CorrectionReason) = (supersedes, reason);
        return request;
    }

    [Fact]
    public async Task Correction_TakesThePlaceOfWhatItSupersedes()
    {
        var slot = northmere.NextSlot();
        var first = await Police.SubmitAsync(Police.Request(slot), slot.Table(3));
        var again = await RefusedAsync(Police.Request(slot));
        Assert.Equal(("FailedPrecondition ALREADY_SUBMITTED", first.Name), (again.ToString(), again["submission"]));
        Assert.Equal("InvalidArgument REASON_REQUIRED",
            (await RefusedAsync(Correction(slot, first.Name, ""))).ToString());

        var second = await Police.SubmitAsync(Correction(slot, first.Name), slot.Table(4));
        var old = await Police.GetAsync(first.Name);
        Assert.Equal((State.Superseded, second.Name), (old.State, old.SupersededBy));
        Assert.Equal((State.Submitted, first.Name), (second.State, second.Supersedes));
        Assert.Equal(first.Receipt.SignedNote, old.Receipt.SignedNote);
        Assert.Equal("FailedPrecondition NOT_SUPERSEDABLE",
            (await RefusedAsync(Correction(slot, first.Name))).ToString());
    }

    [Fact]
    public async Task CorrectionOfSomethingElse_IsRefused()
    {
        var slot = northmere.NextSlot();
        var first = await Police.SubmitAsync(Police.Request(slot), slot.Table());
        var elsewhere = Correction(new Slot(Slot.Unused.Month, slot.Area), first.Name);
        Assert.Equal("FailedPrecondition NOT_SUPERSEDABLE", (await RefusedAsync(elsewhere)).ToString());

        // The id of one's own under another's name names nothing.
        var foreign = first.Name.Replace("northmere-police", "northmere-fire", StringComparison.Ordinal);
        Assert.Equal("FailedPrecondition NOT_SUPERSEDABLE", (await RefusedAsync(Correction(slot, foreign))).ToString());
    }

    [Fact]
    public async Task TwoOpenUploadsOfOneMonth_OnlyTheFirstIsSubmitted()
    {
        var slot = northmere.NextSlot();
        var (first, second) = (
            await Police.SendAsync(Police.Request(slot), slot.Table(3)),
            await Police.SendAsync(Police.Request(slot), slot.Table(4)));
        await Police.SubmitAsync(second.Name);
        var problem = await Problem.OfAsync(() => Police.SubmitAsync(first.Name));
        Assert.Equal(("FailedPrecondition ALREADY_SUBMITTED", second.Name),
            (problem.ToString(), problem["submission"]));
    }

    [Fact]
    public async Task ValidateOnly_CreatesNothing()
    {
        var before = northmere.Catalogue.Scalar("select count(*) from Submissions");
        var request = Police.Request(Slot.Unused);
        (request.ValidateOnly, request.RequestId) = (true, Guid.NewGuid().ToString("D"));
        var trial = await Police.CreateAsync(request);
        Assert.Equal(before, northmere.Catalogue.Scalar("select count(*) from Submissions"));
        await Problem.IsAsync("NotFound NOT_FOUND", () => Police.GetAsync(trial.Name));
        Assert.Equal(0, northmere.Catalogue.Scalar(
            "select count(*) from AnsweredRequests where RequestId = $id", ("$id", request.RequestId)));
    }

    [Theory]
    [InlineData("X10000001", "datasets[police-street-level/northmere-police]")]
    [InlineData("X99999999", "areas")]
    [InlineData("../../etc", "areas")]
    public async Task AreaThatIsNotOwed_IsRefusedNamingTheClause(string area, string clause)
    {
        var problem = await RefusedAsync(Police.Request(Slot.Unused.Month, area));
        Assert.Equal(("PermissionDenied AREA_NOT_COVERED", clause), (problem.ToString(), problem["clause"]));
        Assert.DoesNotContain(area, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AreasMissingOrTwice_AreRefused()
    {
        Assert.Equal("InvalidArgument AREAS_REQUIRED",
            (await RefusedAsync(Police.Request(Slot.Unused.Month))).ToString());
        var twice = Police.Request(Slot.Unused.Month, "X22000001", "X22000001");
        Assert.Equal("InvalidArgument AREAS_REQUIRED", (await RefusedAsync(twice)).ToString());
    }

    [Fact]
    public async Task WhatTheExchangeSays_CannotBeSaidByTheSender()
    {
        var request = Police.Request(Slot.Unused);
        var said = request.Submission;
        (said.Name, said.State, said.Etag) = (Northmere.Street + "/submissions/mine", State.Submitted, "99");
        (said.RecordCount, said.SupersededBy, said.AgreementRevision) = (7, "nobody", "0");
        said.Receipt = new Receipt { SignedNote = "a receipt", OnTime = true };
        said.ViolationSummary = new ViolationSummary { QueryCount = -1 };
        var made = await Police.CreateAsync(request);
        Assert.NotEqual(said.Name, made.Name);
        Assert.Equal((State.Open, "1", 0, ""), (made.State, made.Etag, made.RecordCount, made.SupersededBy));
        Assert.Null(made.Receipt);
        Assert.Equal(64, made.AgreementRevision.Length);
    }
}
