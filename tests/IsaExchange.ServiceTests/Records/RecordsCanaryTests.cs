using System.Text;
using IsaExchange.ServiceTests.Faults;
using IsaExchange.ServiceTests.Harness;
using Xunit;

namespace IsaExchange.ServiceTests.Records;

/// <summary>Records go to whoever may read them, and nowhere else.</summary>
[Collection(RecordsTogether.Name)]
public sealed class RecordsCanaryTests(RecordsExchange northmere)
{
    [Fact]
    public async Task CellsThatWereRead_AreInNoLogNoRowAndNoMessage()
    {
        var file = new CrimeFile(northmere.NextQuarter(), Repeats: 500);
        var submitted = await northmere.SubmitAsync(file);
        var day = $"{file.Quarter.StartDate.Year:D4}-{file.Quarter.StartDate.Month:D2}-17";
        var canaries = new Canaries(day);
        var read = await northmere.ReadAsync(Northmere.CouncilAnalyst, RecordsExchange.Ask(file.Quarter));
        Assert.NotNull(canaries.FindIn(read.Content));

        await northmere.Objects.DamageAsync(await northmere.ObjectOfAsync(submitted), fromEnd: 50);
        var problem = await northmere.RefusedAsync(Northmere.CouncilAnalyst, RecordsExchange.Ask(file.Quarter));
        Assert.Equal("DataLoss STORED_OBJECT_CORRUPT", problem.ToString());

        Assert.Null(canaries.FindIn(problem.Status));
        Assert.Null(canaries.FindIn(Encoding.UTF8.GetBytes(northmere.Exchange.Log)));
        Assert.Empty(canaries.FindBelow(northmere.Exchange.Home));
        var told = string.Join('\n', (await northmere.AccessesAsync()).Select(a => a.ToString()));
        Assert.Null(canaries.FindIn(Encoding.UTF8.GetBytes(told)));
    }
}
