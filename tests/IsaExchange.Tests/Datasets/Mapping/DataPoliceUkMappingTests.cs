using System.Security.Cryptography;
using IsaExchange.Datasets.Mapping;
using IsaExchange.Tests.Outside;
using Sylvan.Data.Csv;
using Xunit;

namespace IsaExchange.Tests.Datasets.Mapping;

/// <summary>The committed mapping over the real street files of Hampshire, October to December 2018.</summary>
public sealed class DataPoliceUkMappingTests : IDisposable
{
    static readonly string[] Months = ["2018-10", "2018-11", "2018-12"];
    readonly string _folder = Directory.CreateTempSubdirectory("isax-police").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void AQuarter_IsPreparedWholeAndDepersonalised()
    {
        var report = Prepare(out var rows);
        Assert.True(report.Succeeded);
        Assert.Equal((40_178, 40_178), (report.RecordsRead, report.RecordsWritten));
        Assert.Equal([14_162L, 13_620L, 12_396L], report.Inputs.Select(input => input.Records));
        Assert.Equal(
            ["Crime ID", "Reported by", "Falls within", "Longitude", "Latitude", "Location", "LSOA name",
                "Last outcome category", "Context"],
            report.DroppedColumns);
        Assert.Equal(Enumerable.Range(1, 40_178).Select(n => $"{n}"), rows.Select(row => row[0]));
        Assert.Equal([14_162, 13_620, 12_396], Months.Select(month => rows.Count(row => row[1] == month)));
        Assert.Equal(2_887, rows.Count(row => row[2] == "anti-social-behaviour"));
        Assert.Equal(14, rows.Select(row => row[2]).Distinct().Count());
        Assert.Single(rows, row => row[3].Length == 0);
    }

    [Fact]
    public void EqualSourceRows_AreAllKept()
    {
        var source = Months.SelectMany(month => File.ReadLines(Source(month)).Skip(1)).ToArray();
        Assert.Equal(392, source.Length - source.Distinct().Count());
        Assert.Equal(source.Length, Prepare(out _).RecordsWritten);
    }

    [Fact]
    public void TheSameMonths_GiveTheSameBytes()
    {
        Prepare(out _);
        var first = SHA256.HashData(File.ReadAllBytes(Output));
        File.Delete(Output);
        Prepare(out _);
        Assert.Equal(first, SHA256.HashData(File.ReadAllBytes(Output)));
    }

    [Fact]
    public void ACrimeTypeOfAnotherYear_IsAFaultAndLeavesNoFile()
    {
        var text = File.ReadAllText(Source("2018-10"))
            .Replace(",Robbery,", ",Violent crime,", StringComparison.Ordinal);
        var changed = Path.Combine(_folder, "changed.csv");
        File.WriteAllText(changed, text);
        var report = PrepareFiles.Run(Mapping(), [changed], Output, TestContext.Current.CancellationToken);
        Assert.Equal(text.Split(",Violent crime,").Length - 1, report.FaultCount);
        Assert.All(report.Faults, fault => Assert.Equal("Crime type", fault.Column));
        Assert.False(File.Exists(Output));
    }

    string Output => Path.Combine(_folder, "quarter.csv");

    MappingReport Prepare(out List<string[]> rows)
    {
        string[] inputs = [.. Months.Select(Source)];
        var report = PrepareFiles.Run(Mapping(), inputs, Output, TestContext.Current.CancellationToken);
        rows = [];
        using var reader = CsvDataReader.Create(Output);
        Assert.Equal(["row_no", "event_month", "crime_type", "lsoa"],
            Enumerable.Range(0, reader.FieldCount).Select(reader.GetName));
        while (reader.Read())
            rows.Add([reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3)]);
        return report;
    }

    static string Source(string month) => SharedFolders.Data("police", $"{month}-hampshire-street.csv");

    static ColumnMapping Mapping()
    {
        var path = Path.Combine(SharedFolders.Repository, "policies", "mappings", "data-police-uk.yaml");
        var result = ColumnMapping.Load(path);
        Assert.Empty(result.Faults);
        return result.Mapping!;
    }
}
