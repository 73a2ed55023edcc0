using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Catalogue;

/// <summary>Acts whose transactions are run twice are in the log once, and have happened once.</summary>
public sealed class RepeatedTransactionTests(TwiceExchange northmere, ITestOutputHelper output)
    : IClassFixture<TwiceExchange>
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryActOfASubmissionsLife_HappensOnce()
    {
        var before = northmere.Catalogue.Events();
        var slot = northmere.NextSlot();
        var police = northmere.Police;
        var officer = northmere.Submissions(Northmere.PoliceOfficer);
        var sent = await police.SendAsync(police.Request(slot), slot.TableOutside());
        await officer.ExplainViolationGroupAsync(
            new ExplainViolationGroupRequest
            {
                Name = (await officer.ListViolationsAsync(
                    new ListViolationsRequest { Parent = sent.Name }, cancellationToken: Stop)).ViolationGroups[0].Name,
                Explanation = "Recorded on the other side of the river.",
            },
            cancellationToken: Stop);
        await police.SubmitAsync(sent.Name);
        await officer.FreezeSubmissionAsync(
            new FreezeSubmissionRequest { Name = sent.Name, Reason = "a doubt" }, cancellationToken: Stop);
        await officer.UnfreezeSubmissionAsync(
            new UnfreezeSubmissionRequest { Name = sent.Name, Reason = "none" }, cancellationToken: Stop);
        await officer.WithdrawSubmissionAsync(
            new WithdrawSubmissionRequest { Name = sent.Name, Reason = "sent in error" }, cancellationToken: Stop);

        string[] expected =
        [
            "submit.create allow", "submit.write allow", "submit.ready allow", "read.submission allow",
            "submit.explain allow", "submit.submit allow", "submit.freeze allow", "submit.unfreeze allow",
            "submit.withdraw allow", "submit.content_destroyed allow",
        ];
        var logged = northmere.Catalogue.EventsAfter(before);
        Assert.Equal(expected, logged.Where(e => !e.StartsWith("notify.", StringComparison.Ordinal)));
        Assert.Equal(2, northmere.Catalogue.Scalar(
            "select count(*) from SubmissionActs where Submission = $id and Kind in (2, 3)",
            ("$id", sent.Name[(sent.Name.LastIndexOf('/') + 1)..])));
        Assert.Equal(
            logged.Count(e => e.StartsWith("notify.queue", StringComparison.Ordinal)),
            northmere.Catalogue.Scalar("select count(*) from Notices"));
        var runs = await northmere.RunsAsync();
        output.WriteLine($"{logged.Count} events of {runs} transactions");
        Assert.True(!SetUp.IsServers || runs >= 2 * expected.Length, $"{runs} transactions were run.");
    }

    [Fact]
    public async Task ReleasesPublishedAtOnce_HaveNumbersOfTheirOwn()
    {
        const int AtOnce = 4;
        var quarter = Northmere.Quarter(2024, 7);
        var west = new WireSender(northmere.Submissions(Northmere.WestSender), Northmere.WestAdmissions);
        await west.SubmitAsync(
            west.Request(quarter, "X22000001", "X22000002"),
            Northmere.AdmissionsTable(quarter, ("X22000001", "F10", 12), ("X22000002", "F11", 7)));
        var published = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
            await northmere.Feeds(Northmere.Steward).PublishReleaseAsync(
                new PublishReleaseRequest { Parent = Northmere.AdmissionsFeed, Period = quarter },
                cancellationToken: Stop)));
        Assert.Equal(
            Enumerable.Range(1, AtOnce).Select(n => $"{Northmere.AdmissionsFeed}/releases/{n}"),
            published.Select(r => r.Name).Order(StringComparer.Ordinal));
    }
}
