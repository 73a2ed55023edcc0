using IsaExchange.DisclosureControl;
using IsaExchange.Exchange.Releasing;
using IsaExchange.Exchange.Releasing.Files;
using Xunit;

namespace IsaExchange.Tests.ReleaseReaders;

/// <summary>One cell of the table is said otherwise, in one file at a time, and everything else stands.</summary>
public sealed class ReadBackTests
{
    const string Book = SampleRelease.Feed + ".xlsx";

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Faults()
    {
        var faults = new TheoryData<string, string>();
        foreach (var file in new[] { ".csv", ".parquet", ".sdmx.csv" }.Select(e => SampleRelease.TableName + e)
            .Append(Book))
        {
            foreach (var said in new[] { "value", "status", "lo", "hi", "order", "days", "bytes" })
                faults.Add(file, said);
        }

        return faults;
    }

    [Fact]
    public async Task FilesAsWritten_SayWhatWasChecked() => await RequireAsync(SampleRelease.Files);

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task AnotherCellInOneFormat_IsRefused(string file, string said)
    {
        var wrong = await WrittenAsync(file, said);
        List<ReleaseFile> files = [.. SampleRelease.Files.Select(f => f.Name == file ? wrong : f)];
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => RequireAsync(files));
        Assert.Equal($"{file} does not say what was checked.", refused.Message);
        Assert.Null(refused.InnerException);
    }

    [Theory]
    [InlineData(".csv")]
    [InlineData(".parquet")]
    [InlineData(".sdmx.csv")]
    public async Task FileThatIsNotThere_IsRefused(string end)
    {
        var name = SampleRelease.TableName + end;
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => RequireAsync([.. SampleRelease.Files.Where(f => f.Name != name)]));
    }

    [Fact]
    public async Task TableOfOneMonth_IsToldFromItsTotalByItsPlace()
    {
        var table = new ExactTable("m", [new TableDimension("month", ["2026-07"], ["2026-07"], "ALL")]);
        table.Add([0], 3);
        var published = TablePublisher.Publish(table, new Exact());
        var manifest = SampleRelease.Manifest();
        manifest["last_day"] = "2026-07-31";
        var files = await ReleaseFiles.AllAsync([published], SampleRelease.Coverage, manifest, Stop);
        await ReadBack.RequireAsync([published], new(2026, 7, 1), new(2026, 7, 31), files, Stop);
        await Assert.ThrowsAsync<InvalidOperationException>(() => ReadBack.RequireAsync(
            [published], new(2026, 7, 1), new(2026, 9, 30), files, Stop));
    }

    static Task RequireAsync(IReadOnlyList<ReleaseFile> files) => ReadBack.RequireAsync(
        [SampleRelease.Table, SampleRelease.Months], new(2026, 7, 1), new(2026, 9, 30), files, Stop);

    /// <summary>The file as the product's writer writes it, from a table that says something else.</summary>
    static async Task<ReleaseFile> WrittenAsync(string file, string said)
    {
        if (said is "bytes")
        {
            var whole = SampleRelease.File(file);
            return whole with { Content = whole.Content[..(whole.Content.Length / 2)] };
        }

        var cells = SampleRelease.Table.Rows().Select(r => r.Cell).ToArray();
        var at = Array.FindIndex(cells, c => c is { Status: CellStatus.Rounded });
        cells[at] = said switch
        {
            "value" => cells[at] with { Value = cells[at].Value + 5 },
            "status" => cells[at] with { Status = CellStatus.Held },
            "lo" => cells[at] with { Lo = cells[at].Lo + 1 },
            "hi" => cells[at] with { Hi = null },
            _ => cells[at],
        };
        if (said is "order")
            Array.Reverse(cells);
        var manifest = SampleRelease.Manifest();
        if (said is "days")
            manifest["last_day"] = "2026-10-31";
        var table = new PublishedTable(SampleRelease.Table.Name, SampleRelease.Table.Dimensions, cells);
        return (await ReleaseFiles.AllAsync([table, SampleRelease.Months], SampleRelease.Coverage, manifest, Stop))
            .Single(f => f.Name == file);
    }

    sealed class Exact : IDisclosureRegime
    {
        public string Id => "exact";

        public string Guarantee => "None.";

        public PublishedCell Publish(long exactCount) => new(CellStatus.Shown, exactCount, exactCount, exactCount);
    }
}
