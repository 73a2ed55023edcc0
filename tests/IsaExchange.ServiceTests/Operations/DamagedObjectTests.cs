using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Operations;

/// <summary>Whoever's data is found damaged hears of it, and not only whoever asked for it.</summary>
public sealed class DamagedObjectTests
{
    const string Corrupt = "DataLoss STORED_OBJECT_CORRUPT";

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DamageFoundByACall_IsAnEventAndANoticeOnce()
    {
        await using var exchange = await TestExchange.StartAsync(NorthmerePolicies.Folder);
        var told = await OperatedExchange.FillAsync(exchange);
        var objects = StoredObjects.Of(exchange);
        var file = (await objects.NamesAsync("releases/")).Single(
            n => n.EndsWith("/manifest.json", StringComparison.Ordinal));
        await objects.DamageAsync(file, fromEnd: 5);
        for (var tries = 0; tries < 3; tries++)
            await Problem.IsAsync(Corrupt, () => OperatedExchange.ReadAsync(exchange, told.Release));
        Assert.Equal(1, exchange.Catalogue.Events("storage.damaged"));
        var notices = Notices(exchange);
        Assert.True(notices >= 2, $"{notices} notices: the steward and the reader's officers are to be told");

        // The cube of the police: nothing can be released from it.
        var cube = (await objects.NamesAsync("cubes/")).Single(
            n => n.Contains(told.Submitted.Name[^32..], StringComparison.Ordinal));
        await objects.DamageAsync(cube, fromEnd: 5);
        var feeds = new FeedService.FeedServiceClient(exchange.As(Northmere.Steward));
        for (var tries = 0; tries < 2; tries++)
            await Problem.IsAsync(Corrupt, () => feeds.PublishReleaseAsync(
                new PublishReleaseRequest
                {
                    Parent = Northmere.StreetFeed, Period = Northmere.Months(NorthmerePolicies.FirstMonth, 1),
                },
                Uploads.Options(Stop)).ResponseAsync);
        Assert.Equal(2, exchange.Catalogue.Events("storage.damaged"));
        var officer = new ComplianceService.ComplianceServiceClient(exchange.As(Northmere.PoliceOfficer));
        var listed = await officer.ListNoticesAsync(
            new ListNoticesRequest { Parent = Northmere.Agreement }, Uploads.Options(Stop));
        var theirs = listed.Notices.Where(n => n.Kinds.Contains("damaged")).ToList();
        Assert.Contains(theirs, n => n.Recipient == Northmere.PoliceOfficer);
        Assert.Equal(theirs.Count, theirs.Select(n => n.Recipient).Distinct().Count());
        Assert.All(
            theirs,
            n => Assert.Contains("northmere-police police-street-level", n.Body, StringComparison.Ordinal));
        Assert.All(theirs, n => Assert.Contains(told.Submitted.Name[^32..], n.Body, StringComparison.Ordinal));
        Assert.True(Notices(exchange) > notices);
    }

    static long Notices(TestExchange exchange) =>
        exchange.Catalogue.Scalar("select count(*) from Notices where Kinds = 'damaged'");
}
