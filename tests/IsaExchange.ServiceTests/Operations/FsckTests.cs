using IsaExchange.ServiceTests.Harness;
using Xunit;

namespace IsaExchange.ServiceTests.Operations;

/// <summary>Whatever is changed behind the exchange's back is found, and named by its place.</summary>
public sealed class FsckTests
{
    [Fact]
    public async Task EveryKindOfDamage_IsFoundAndNamed()
    {
        await using var exchange = await TestExchange.StartAsync(NorthmerePolicies.Folder);
        var told = await OperatedExchange.FillAsync(exchange);
        await exchange.StopAsync();
        await exchange.ServeAsync();
        await exchange.StopAsync();
        var sound = await FsckAsync(exchange);
        Assert.True(sound is { ExitCode: 0, LastLine: "SOUND" }, sound.ToString());
        Assert.Contains("1 releases (1 proved anew)", sound.Output, StringComparison.Ordinal);

        var objects = StoredObjects.Of(exchange);
        var dataset = await objects.DatasetOfAsync(told.Submitted.Name[^32..]);
        var cubes = await objects.NamesAsync("cubes/");
        await objects.DamageAsync(dataset, fromEnd: 70_000);
        var (one, other) = (await objects.TakeAsync(cubes[0]), await objects.TakeAsync(cubes[1]));
        await objects.PutBackAsync(one with { Name = other.Name });
        exchange.Catalogue.Change(
            """update Events set Json = replace(Json, '"decision":"allow"', '"decision":"deny"') where Index = 5""");
        exchange.Catalogue.Change(
            "update Submissions set ReceiptNote = replace(ReceiptNote, 'records ', 'records 1') where Id = $id",
            ("$id", told.Submitted.Name[^32..]));
        exchange.Catalogue.Change("update Releases set ManifestNote = replace(ManifestNote, 'release ', 'release  ')");
        exchange.Catalogue.Change(
            "update Statements set Value = Value + 1, Lo = Lo + 1, Hi = Hi + 1 where CellKey in "
                + "(select max(CellKey) from Statements where Status = 'shown')");
        exchange.Catalogue.Change("delete from TreeHashes where Level = 1 and Index = 3");
        exchange.Catalogue.Change(
            "update Checkpoints set Note = replace(Note, $exchange, 'isaexchange.example/another') where Size = "
                + "(select min(Size) from Checkpoints)",
            ("$exchange", "isaexchange.example/"));

        var ran = await FsckAsync(exchange);
        Assert.Equal(1, ran.ExitCode);
        Assert.StartsWith("NOT SOUND: ", ran.LastLine, StringComparison.Ordinal);
        string[] expected =
        [
            "leaf 5: event ", "is not what its leaf commits to",
            "tree hash at level 1, 3: it is missing",
            "checkpoint ", "it is not signed by this log",
            $"{dataset}: the object is damaged (ChunkAltered)",
            $"{other.Name}: the object is damaged (BoundToAnotherName)",
            $"{told.Submitted.Name}: its receipt is not signed by this exchange",
            $"{told.Release}: its manifest is not signed by this exchange",
            $"{told.Release}: what the ledger says of it does not hold of what it was made of",
        ];
        Assert.All(expected, said => Assert.Contains(said, ran.Output, StringComparison.Ordinal));

        exchange.Catalogue.Change("delete from Events where Index = 9");
        ran = await FsckAsync(exchange);
        Assert.Contains("leaf 9: the event is gone", ran.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RowTakenAway_IsMissedByTheLog()
    {
        await using var exchange = await TestExchange.StartAsync(NorthmerePolicies.Folder);
        var told = await OperatedExchange.FillAsync(exchange);
        await exchange.StopAsync();
        var sound = await FsckAsync(exchange);
        Assert.True(sound is { ExitCode: 0, LastLine: "SOUND" }, sound.ToString());
        Assert.DoesNotContain(" 0 acts with their rows", sound.Output, StringComparison.Ordinal);

        await StoredObjects.Of(exchange).PutBackAsync(
            new TakenObject("datasets/northmere/police/other/Not_Ours", [1], [2], new Dictionary<string, string>()));
        Assert.Contains(
            "datasets/northmere/police/other/Not_Ours: it lies among the objects and has the name of none",
            (await FsckAsync(exchange)).Output, StringComparison.Ordinal);

        var (submitted, ready) = (told.Submitted.Name, told.Ready.Name);
        exchange.Catalogue.Change("delete from Submissions where Id = $id", ("$id", submitted[^32..]));
        exchange.Catalogue.Change("delete from Reports where Submission = $id", ("$id", ready[^32..]));
        exchange.Catalogue.Change("delete from Releases");
        var ran = await FsckAsync(exchange);
        Assert.Equal(1, ran.ExitCode);
        string[] expected =
        [
            $"{submitted}: the log has its submit.create (event ",
            $"{submitted}: the log has its submit.submit (event ",
            $"{ready}: the log has its submit.ready (event ",
            $"{told.Release}: the log has its release.publish (event ",
        ];
        Assert.All(expected, said => Assert.Contains(said, ran.Output, StringComparison.Ordinal));
        Assert.DoesNotContain($"{ready}: the log has its submit.create", ran.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("could not be followed", ran.Output, StringComparison.Ordinal);

        // What nobody can read any more is missed by nobody, and that is said.
        exchange.Catalogue.Change("update Events set Json = null, Salt = null where Json like '%submit.create%'");
        ran = await FsckAsync(exchange);
        Assert.DoesNotContain("the log has its submit.create", ran.Output, StringComparison.Ordinal);
        Assert.Matches("note: the text of [1-9][0-9]* events was erased: what they did could not be", ran.Output);
    }

    static Task<Ran> FsckAsync(TestExchange exchange) => exchange.RunServiceAsync("fsck", "--home", exchange.Home);
}
