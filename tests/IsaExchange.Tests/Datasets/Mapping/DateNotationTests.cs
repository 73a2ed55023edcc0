using IsaExchange.Datasets.Mapping;
using Xunit;

namespace IsaExchange.Tests.Datasets.Mapping;

public class DateNotationTests
{
    [Theory]
    [InlineData("dd/MM/yyyy", "28/02/2026", "2026-02-28")]
    [InlineData("d/M/yyyy", "1/2/2026", "2026-02-01")]
    [InlineData("dd-MMM-yyyy", "29-FEB-2028", "2028-02-29")]
    [InlineData("yyyyMMdd", "20260430", "2026-04-30")]
    [InlineData("yyyy-MM", "2026-04", "2026-04")]
    [InlineData("MM/yyyy", "04/2026", "2026-04")]
    [InlineData("yyyy-MM-ddTHH:mm:ss", "2026-04-30T23:59:59", "2026-04-30")]
    public void Date_IsWrittenAsIso8601(string format, string text, string iso) =>
        Assert.Equal($"d\n{iso}\n", MappingBench.Run(Date(format), $"D\n{text}\n").Output);

    [Theory]
    [InlineData("dd/MM/yyyy", "29/02/2026")]
    [InlineData("dd/MM/yyyy", "04/30/2026")]
    [InlineData("dd/MM/yyyy", "1/2/2026")]
    [InlineData("dd/MM/yyyy", "01/02/26")]
    [InlineData("dd/MM/yyyy", "01/02/2026 10:00")]
    [InlineData("dd/MM/yyyy", "2026-02-01")]
    [InlineData("dd/MM/yyyy", " 01/02/2026")]
    [InlineData("dd/MM/yyyy", "٠١/٠٢/٢٠٢٦")]
    [InlineData("dd/MM/yyyy", "01/02/2026, at about ten in the evening, somewhere")]
    [InlineData("yyyy-MM", "2018-13")]
    public void AnotherNotation_IsAFault(string format, string text)
    {
        var fault = MappingBench.Single(MappingBench.Run(Date(format), $"D\n\"{text}\"\n").Report);
        Assert.Equal(MappingFaultKind.NotConverted, fault.Kind);
        Assert.Contains(format, fault.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HH:mm", "07:30", "07:30")]
    [InlineData("H:mm", "7:30", "07:30")]
    [InlineData("HHmm", "2359", "23:59")]
    [InlineData("dd/MM/yyyy HH:mm:ss", "01/02/2026 07:30:59", "07:30")]
    public void Time_IsWrittenInHoursAndMinutes(string format, string text, string time) =>
        Assert.Equal($"d\n{time}\n", MappingBench.Run(Time(format), $"D\n{text}\n").Output);

    [Theory]
    [InlineData("HH:mm", "24:00")]
    [InlineData("HH:mm", "7:30")]
    [InlineData("HH:mm", "07:60")]
    public void TimeThatIsNone_IsAFault(string format, string text) =>
        Assert.Equal(1, MappingBench.Run(Time(format), $"D\n{text}\n").Report.FaultCount);

    static ColumnMapping Date(string format) =>
        MappingBench.Load($"dataset: d\ncolumns: [{{ name: d, from: D, date: '{format}' }}]");

    static ColumnMapping Time(string format) =>
        MappingBench.Load($"dataset: d\ncolumns: [{{ name: d, from: D, time: '{format}' }}]");
}
