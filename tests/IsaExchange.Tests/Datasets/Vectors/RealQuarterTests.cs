using IsaExchange.Datasets.CodeLists;
using IsaExchange.Datasets.Validation;
using IsaExchange.Tests.Outside;
using Sylvan.Data.Csv;
using Xunit;

namespace IsaExchange.Tests.Datasets.Vectors;

/// <summary>
/// A real quarter: police force area of Hampshire, October to December 2018, prepared from the open street files by a
/// few lines of the test, and routed by the lookups of ONS. The figures were counted by others beforehand.
/// </summary>
public sealed class RealQuarterTests
{
    [Fact]
    public void RealQuarter_IsAcceptedWithTheKnownCounts()
    {
        var folder = Directory.CreateTempSubdirectory("isax-real-").FullName;
        var areas = WriteLists(folder);
        var lists = CodeListCatalog.Load(folder, out var faults);
        Assert.Empty(faults);
        var plan = ValidationPlan.Compile(TestDatasets.Catalog.Find("police-street-level")!, lists,
            new DateOnly(2018, 10, 1), new DateOnly(2019, 1, 1), [.. areas.Keys]);
        var sink = new RecordingSink();
        var report = plan.Validate(Prepare(plan), sink: sink);
        Assert.Equal((40_178, 0, 40_178, 74),
            (report.RecordCount, report.ErrorCount, report.AcceptedCount, report.OutsideCount));
        Assert.Equal(["X401 73", "X402 1"], report.Groups.Select(g => $"{g.Rule} {g.Count}"));
        Assert.Equal(12, areas.Count);
        Assert.Equal(8_181, report.RecordsByArea[areas.Keys.ToList().IndexOf("E22000120")]);
        Assert.Equal((8_181, 1_618), (report.RecordsByArea.Max(), report.RecordsByArea.Min()));
        Assert.Equal([14_162, 13_620, 12_396],
            Enumerable.Range(0, 3).Select(m => sink.Records.Count(r => r.Dimensions[1] == m)));
        var types = plan.Dimensions[0].Titles;
        Assert.Equal(2_887, sink.Records.Count(r => types[r.Dimensions[0]] == "Anti-social behaviour"));
        Directory.Delete(folder, recursive: true);
    }

    static byte[] Prepare(ValidationPlan plan)
    {
        var codes = plan.Dimensions[0].Titles.Zip(plan.Dimensions[0].Codes).ToDictionary(p => p.First, p => p.Second);
        using var content = new MemoryStream();
        using (var text = new StreamWriter(content))
        {
            text.Write(TestDatasets.StreetHeader + "\n");
            var row = 0;
            foreach (var month in new[] { "2018-10", "2018-11", "2018-12" })
            {
                using var csv = CsvDataReader.Create(SharedFolders.Data("police", month + "-hampshire-street.csv"));
                while (csv.Read())
                    text.Write($"{++row},{csv.GetString(1)},{codes[csv.GetString(9)]},{csv.GetString(7)}\n");
            }
        }

        return content.ToArray();
    }

    /// <summary>The areas of the force, by code, in order.</summary>
    static SortedDictionary<string, string> WriteLists(string folder)
    {
        const string Edition = "  - {edition: '2018', file: 2018.csv, valid_from: 2011-03-27, source: ONS}\n";
        var (lsoa, lad, csp) = (new SortedDictionary<string, string>(), new SortedDictionary<string, string>(),
            new SortedDictionary<string, string>());
        var areas = new SortedDictionary<string, string>(StringComparer.Ordinal);
        using (var csv = CsvDataReader.Create(SharedFolders.Data("geo", "lsoa11_ward18_lad18.csv")))
        {
            while (csv.Read())
                lsoa[csv.GetString(0)] = csv.GetString(csv.GetOrdinal("LAD18CD"));
        }

        using (var csv = CsvDataReader.Create(SharedFolders.Data("geo", "lad18_csp18_pfa18.csv")))
        {
            while (csv.Read())
            {
                lad[csv.GetString(0)] = csv.GetString(2);
                csp[csv.GetString(2)] = "";
                if (csv.GetString(4) == "E23000030")
                    areas[csv.GetString(2)] = csv.GetString(3);
            }
        }

        TestDatasets.WriteList(folder, "lsoa", "lad", Edition, ("2018.csv", Csv(lsoa)));
        TestDatasets.WriteList(folder, "lad", "csp", Edition, ("2018.csv", Csv(lad)));
        TestDatasets.WriteList(folder, "csp", null, Edition, ("2018.csv", Csv(csp)));
        return areas;
    }

    static string Csv(SortedDictionary<string, string> parents) =>
        "code,title,parent\n" + string.Concat(parents.Select(p => $"{p.Key},{p.Key},{p.Value}\n"));
}
