using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Wire;

/// <summary>A call that is made again, or by many at once, happens once.</summary>
[Collection(WireTogether.Name)]
public sealed class RepeatTests(WireExchange northmere)
{
    const int AtOnce = 20;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    WireSender Police => northmere.Police;

    static string NewId() => Guid.NewGuid().ToString("D");

    CreateSubmissionRequest Request(string requestId)
    {
        var request = Police.Request(Slot.Unused);
        request.RequestId = requestId;
        return request;
    }

    async Task<Submission> SubmitAsync(string name, string requestId, string etag = "") =>
        await Police.Submissions.SubmitSubmissionAsync(
        new SubmitSubmissionRequest { Name = name, RequestId = requestId, Etag = etag }, cancellationToken: Stop);

    async Task<Submission> ReadyAsync(Slot slot) => await Police.SendAsync(Police.Request(slot), slot.Table());

    [Fact]
    public async Task CreatedAgainByTheSameRequest_IsTheSame()
    {
        var request = Request(NewId());
        Assert.Equal(await Police.CreateAsync(request), await Police.CreateAsync(request));
    }

    [Fact]
    public async Task RequestIdOfAnotherRequest_IsRefused()
    {
        var request = Request(NewId());
        await Police.CreateAsync(request);
        request.Submission.Period = Northmere.Month(2024, 5);
        await Problem.IsAsync("AlreadyExists REQUEST_ID_REUSED", () => Police.CreateAsync(request));
    }

    [Fact]
    public async Task RequestIdOfAnotherCaller_IsAnotherRequest()
    {
        var request = Request(NewId());
        var sent = await Police.CreateAsync(request);
        var officer = await northmere.Submissions(Northmere.PoliceOfficer).CreateSubmissionAsync(
            request, cancellationToken: Stop);
        Assert.NotEqual(sent.Name, officer.Name);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("{9a9a3b3c-7d1e-4c55-9d5b-0d6d7f0a1b2c}")]
    [InlineData("\t9a9a3b3c-7d1e-4c55-9d5b-0d6d7f0a1b2c")]
    public async Task RequestIdThatIsNoUuid_IsRefused(string requestId) => await Problem.IsAsync(
        "InvalidArgument REQUEST_ID_NOT_UUID", () => Police.CreateAsync(Request(requestId)));

    [Fact]
    public async Task TwentyCreatesAtOnce_MakeOneSubmission()
    {
        var before = northmere.Catalogue.Scalar("select count(*) from Submissions");
        var request = Request(NewId());
        var made = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Police.CreateAsync(request)));
        Assert.Single(made.DistinctBy(s => s.Name, StringComparer.Ordinal));
        Assert.Equal(before + 1, northmere.Catalogue.Scalar("select count(*) from Submissions"));
    }

    [Fact]
    public async Task TwentySubmitsAtOnce_GiveOneReceipt()
    {
        var (name, id) = ((await ReadyAsync(northmere.NextSlot())).Name, NewId());
        var submitted = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => SubmitAsync(name, id)));
        Assert.Single(submitted.DistinctBy(s => (s.Receipt.EventId, s.Receipt.SignedNote)));
    }

    [Fact]
    public async Task SubmitsAtOnceWithoutRequestId_OneIsReceiptedAndTheOthersAreTold()
    {
        var name = (await ReadyAsync(northmere.NextSlot())).Name;
        var ends = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
        {
            try
            {
                return (await SubmitAsync(name, "")).State.ToString();
            }
            catch (Grpc.Core.RpcException e)
            {
                return Problem.Of(e).ToString();
            }
        }));
        Assert.Single(ends, "Submitted");
        Assert.Equal(AtOnce - 1, ends.Count(e => e == "FailedPrecondition ALREADY_SUBMITTED"));
    }

    [Fact]
    public async Task SubmittedAgainByTheSameRequest_IsTheSameReceipt()
    {
        var (name, id) = ((await ReadyAsync(northmere.NextSlot())).Name, NewId());
        var first = await SubmitAsync(name, id);
        Assert.Equal(first.Receipt.SignedNote, (await SubmitAsync(name, id)).Receipt.SignedNote);
        await Problem.IsAsync(
            "FailedPrecondition ALREADY_SUBMITTED", () => SubmitAsync(name, NewId()));
        await Problem.IsAsync("AlreadyExists REQUEST_ID_REUSED", () => SubmitAsync(name, id, first.Etag));
    }

    [Fact]
    public async Task EtagOfAnEarlierState_IsAborted()
    {
        var slot = northmere.NextSlot();
        var open = await Police.CreateAsync(slot);
        var ready = (await Police.WriteAsync(WireSender.Messages(open.Name, slot.Table()))).Submission;
        Assert.NotEqual(open.Etag, ready.Etag);
        await Problem.IsAsync("Aborted ETAG_MISMATCH", () => SubmitAsync(open.Name, "", open.Etag));
        Assert.Equal(Submission.Types.State.Submitted, (await SubmitAsync(open.Name, "", ready.Etag)).State);
    }

    [Fact]
    public async Task ExplanationOfAnotherRequest_IsRefusedAndChangesNothing()
    {
        var slot = Slot.Unused;
        var sent = await Police.SendAsync(Police.Request(slot), slot.TableOutside());
        var officer = northmere.Submissions(Northmere.PoliceOfficer);
        var found = await officer.ListViolationsAsync(
            new ListViolationsRequest { Parent = sent.Name }, cancellationToken: Stop);
        var request = new ExplainViolationGroupRequest
        {
            Name = Assert.Single(found.ViolationGroups).Name, Explanation = "Over the boundary.", RequestId = NewId(),
        };
        var first = await officer.ExplainViolationGroupAsync(request, cancellationToken: Stop);
        var etag = (await Police.GetAsync(sent.Name)).Etag;
        Assert.Equal(first, await officer.ExplainViolationGroupAsync(request, cancellationToken: Stop));
        request.Explanation = "Something else.";
        var problem = await Problem.OfAsync(async () =>
            await officer.ExplainViolationGroupAsync(request, cancellationToken: Stop));
        Assert.Equal("AlreadyExists REQUEST_ID_REUSED", problem.ToString());
        Assert.Equal(etag, (await Police.GetAsync(sent.Name)).Etag);
    }
}
