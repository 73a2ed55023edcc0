using IsaExchange.Datasets.Mapping;
using Xunit;

namespace IsaExchange.Tests.Datasets.Mapping;

public class OutwardCodeTests
{
    static readonly ColumnMapping Mapping =
        MappingBench.Load("dataset: d\ncolumns: [{ name: o, outward_of: P }]");

    [Theory]
    [InlineData("SO23 8UJ", "SO23")]
    [InlineData("SO238UJ", "SO23")]
    [InlineData("so23  8uj", "SO23")]
    [InlineData(" SO23 ", "SO23")]
    [InlineData("SO23 8", "SO23")]
    [InlineData("B1 1AA", "B1")]
    [InlineData("B11AA", "B1")]
    [InlineData("B11", "B11")]
    [InlineData("W1A 0AX", "W1A")]
    [InlineData("W1A0AX", "W1A")]
    [InlineData("ZZ99 3VZ", "ZZ99")]
    public void Postcode_BecomesItsOutwardPart(string postcode, string outward) =>
        Assert.Equal($"o\n{outward}\n", MappingBench.Run(Mapping, $"P\n{postcode}\n").Output);

    [Theory]
    [InlineData("SO238")]
    [InlineData("SO")]
    [InlineData("S")]
    [InlineData("123")]
    [InlineData("SO23 8UJX")]
    [InlineData("SO23 8U")]
    [InlineData("SO2345")]
    [InlineData("SOX23 8UJ")]
    [InlineData("SO23,8UJ")]
    [InlineData("SO23-8UJ")]
    [InlineData("ŠO23 8UJ")]
    [InlineData("4 High Street")]
    [InlineData("   ")]
    public void AnythingElse_IsAFault(string text)
    {
        var fault = MappingBench.Single(MappingBench.Run(Mapping, $"P\n\"{text}\"\n").Report);
        Assert.Equal(MappingFaultKind.NotConverted, fault.Kind);
    }
}
