using CsCheck;
using IsaExchange.DisclosureControl;
using Xunit;

namespace IsaExchange.Tests.DisclosureControl;

/// <summary>Laws that hold for every table, whatever its shape and content.</summary>
public class TablePublisherProperties
{
    const string TotalCode = "_T";

    static readonly Gen<TableDimension[]> Shapes =
        Gen.Select(Gen.Int[1, 4], Gen.Bool, (size, total) =>
        {
            string[] codes = [.. Enumerable.Range(0, size).Select(code => $"c{code}")];
            return new TableDimension($"d{size}", codes, codes, total ? TotalCode : null);
        }).Array[1, 3];

    static readonly Gen<Content> Contents = Shapes.SelectMany(shape =>
    {
        var events = Gen.Select(Gen.Int[0, 1000].Array[shape.Length], Gen.Long[0, 12], (at, count) =>
            (Position: at.Select((code, d) => code % shape[d].Codes.Count).ToArray(), Count: count));
        return Gen.Select(events.Array[0, 30], Gen.Int[0, shape.Length - 1], Gen.Int[0, 1000], (all, d, code) =>
            new Content(shape, all, d, code % shape[d].Codes.Count));
    });

    [Fact]
    public void OpenTable_EqualsARecountOfTheEvents() => Contents.Sample(content =>
    {
        foreach (var row in Publish(content.Table(), "open").Rows())
            Assert.Equal(content.Recount(row), row.Cell.Value);
    });

    [Fact]
    public void EveryCell_IsTheRegimesWordOnItsExactSum() => Contents.Sample(content =>
    {
        var regime = DisclosureRegimes.Find("nhs-2018")!;
        foreach (var row in Publish(content.Table(), "nhs-2018").Rows())
            Assert.Equal(regime.Publish(content.Recount(row)), row.Cell);
    });

    [Fact]
    public void EveryInterval_HoldsTheExactCount() => Contents.Sample(content =>
    {
        foreach (var row in Publish(content.Table(), "nhs-2018").Rows())
        {
            Assert.InRange(content.Recount(row), row.Cell.Lo, row.Cell.Hi ?? long.MaxValue);
            Assert.Equal(row.Cell.Status is CellStatus.Few, row.Cell.Value is null);
        }
    });

    [Fact]
    public void MarkingOneCodeMissing_ChangesCellsToMissingOnly() => Contents.Sample(content =>
    {
        var whole = Publish(content.Table(), "nhs-2018").Rows().ToArray();
        var table = content.Table();
        table.MarkMissing(content.MissingDimension, content.MissingCode);
        var partial = Publish(table, "nhs-2018").Rows().ToArray();

        Assert.Equal(whole.Length, partial.Length);
        foreach (var (before, after) in whole.Zip(partial))
        {
            Assert.Equal(before.Codes, after.Codes);
            var touched = after.Codes[content.MissingDimension] is var code
                && (code == TotalCode || code == $"c{content.MissingCode}");
            Assert.Equal(touched ? PublishedCell.Missing : before.Cell, after.Cell);
        }
    });

    [Fact]
    public void Grid_DependsOnTheDimensionsAlone() => Contents.Sample(content =>
    {
        var filled = content.Table();
        var rows = Publish(filled, "nhs-2018").Rows().Select(Key).ToArray();
        Assert.Equal(Publish(new ExactTable("t", content.Shape), "open").Rows().Select(Key), rows);
        Assert.Equal(filled.CellCount, rows.Distinct().Count());
    });

    static string Key(PublishedRow row) => string.Join('|', row.Codes);

    static PublishedTable Publish(ExactTable table, string regime) =>
        TablePublisher.Publish(table, DisclosureRegimes.Find(regime)!);

    sealed record Content(
        TableDimension[] Shape, (int[] Position, long Count)[] Events, int MissingDimension, int MissingCode)
    {
        public ExactTable Table()
        {
            var table = new ExactTable("t", Shape);
            foreach (var (position, count) in Events)
                table.Add(position, count);
            return table;
        }

        /// <summary>The slow way: all events whose codes the row's codes include.</summary>
        public long Recount(PublishedRow row) => Events
            .Where(e => row.Codes.Select((code, d) => code == TotalCode || code == $"c{e.Position[d]}").All(x => x))
            .Sum(e => e.Count);
    }
}
