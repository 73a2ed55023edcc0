using System.Text;
using IsaExchange.Datasets.Mapping;
using Xunit;

namespace IsaExchange.Tests.Datasets.Mapping;

/// <summary>Runs a mapping over text and hands back the report with the output.</summary>
static class MappingBench
{
    public static ColumnMapping Load(string yaml)
    {
        var result = ColumnMapping.Parse(yaml, "test.yaml");
        Assert.Empty(result.Faults);
        return result.Mapping!;
    }

    public static (MappingReport Report, string Output) Run(ColumnMapping mapping, params string[] inputs) =>
        RunBytes(mapping, [.. inputs.Select(Encoding.UTF8.GetBytes)]);

    public static (MappingReport Report, string Output) RunPeriod(
        ColumnMapping mapping, MappingPeriod? period, params string[] inputs) =>
        Run(mapping, null, period, [.. inputs.Select(Encoding.UTF8.GetBytes)]);

    public static (MappingReport Report, string Output) RunSecond(ColumnMapping mapping, string second, string input) =>
        Run(mapping, second, null, Encoding.UTF8.GetBytes(input));

    public static (MappingReport Report, string Output) RunBytes(ColumnMapping mapping, params byte[][] inputs) =>
        Run(mapping, null, null, inputs);

    static (MappingReport Report, string Output) Run(
        ColumnMapping mapping, string? second, MappingPeriod? period, params byte[][] inputs)
    {
        using var output = new MemoryStream();
        Stream[] streams = [.. inputs.Select(bytes => new MemoryStream(bytes))];
        var names = inputs.Select((_, i) => $"in{i + 1}.csv").ToArray();
        using var beside = new MemoryStream(Encoding.UTF8.GetBytes(second ?? ""));
        var report = MappingRun.Run(mapping, streams, names, output, TestContext.Current.CancellationToken,
            second: second is null ? null : new MappingSecond(beside, "second.csv"), period: period);
        return (report, Encoding.UTF8.GetString(output.ToArray()));
    }

    public static MappingFault Single(MappingReport report)
    {
        Assert.False(report.Succeeded);
        Assert.Equal(1, report.FaultCount);
        return Assert.Single(report.Faults);
    }
}
