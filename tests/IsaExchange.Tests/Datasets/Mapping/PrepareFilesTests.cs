using System.IO.Compression;
using System.Text;
using IsaExchange.Datasets.Mapping;
using Xunit;

namespace IsaExchange.Tests.Datasets.Mapping;

public sealed class PrepareFilesTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("isax-prepare").FullName;
    readonly ColumnMapping _mapping =
        MappingBench.Load("dataset: d\ncolumns: [{ name: a, from: A, map: { x: y } }]");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void CleanInputs_LeaveOneWholeFile()
    {
        var report = Prepare("out.csv", Write("1.csv", "A\nx\n"), Write("2.csv", "A\nx\n"));
        Assert.True(report.Succeeded);
        Assert.Equal("a\ny\ny\n", File.ReadAllText(At("out.csv")));
        Assert.Equal(["1.csv", "2.csv"], report.Inputs.Select(input => input.Name));
        AssertFiles("1.csv", "2.csv", "out.csv");
    }

    [Fact]
    public void Faults_LeaveNothing()
    {
        Assert.False(Prepare("out.csv", Write("1.csv", "A\nx\nz\n")).Succeeded);
        AssertFiles("1.csv");
    }

    [Fact]
    public void Cancellation_LeavesNothing()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        var input = Write("1.csv", "A\nx\n");
        Assert.Throws<OperationCanceledException>(
            () => PrepareFiles.Run(_mapping, [input], At("out.csv"), stop.Token));
        AssertFiles("1.csv");
    }

    [Fact]
    public void MissingInput_LeavesNothing()
    {
        Assert.Throws<FileNotFoundException>(() => Prepare("out.csv", Write("1.csv", "A\nx\n"), At("2.csv")));
        AssertFiles("1.csv");
    }

    [Fact]
    public void ExistingOutput_IsKeptUnlessAskedOtherwise()
    {
        Write("out.csv", "old");
        var input = Write("1.csv", "A\nx\n");
        Assert.Throws<IOException>(() => Prepare("out.csv", input));
        Assert.Equal("old", File.ReadAllText(At("out.csv")));
        var stop = TestContext.Current.CancellationToken;
        Assert.True(PrepareFiles.Run(_mapping, [input], At("out.csv"), stop, overwrite: true).Succeeded);
        Assert.Equal("a\ny\n", File.ReadAllText(At("out.csv")));
        AssertFiles("1.csv", "out.csv");
    }

    [Fact]
    public void FaultsWithOverwrite_KeepTheOldOutput()
    {
        Write("out.csv", "old");
        var input = Write("1.csv", "A\nz\n");
        var stop = TestContext.Current.CancellationToken;
        Assert.False(PrepareFiles.Run(_mapping, [input], At("out.csv"), stop, overwrite: true).Succeeded);
        Assert.Equal("old", File.ReadAllText(At("out.csv")));
    }

    [Fact]
    public void OutputThatIsAnInput_IsRefused()
    {
        var input = Write("1.csv", "A\nx\n");
        Assert.Equal(MappingFaultKind.OutputIsInput, MappingBench.Single(Prepare("1.csv", input)).Kind);
        Assert.Equal("A\nx\n", File.ReadAllText(input));
    }

    [Fact]
    public void OutputThatIsATableOfTheMapping_IsRefused()
    {
        var table = Write("table.csv", "told,code\nx,y\n");
        var file = Write("m.yaml",
            "dataset: d\ncolumns: [{ name: a, from: A, map_from: { file: table.csv, from: told, to: code } }]");
        var report = PrepareFiles.Run(ColumnMapping.Load(file).Mapping!, [Write("1.csv", "A\nx\n")], table,
            TestContext.Current.CancellationToken, overwrite: true);
        Assert.Equal(MappingFaultKind.OutputIsInput, MappingBench.Single(report).Kind);
        Assert.Equal("told,code\nx,y\n", File.ReadAllText(table));
    }

    [Fact]
    public void ASecondFileThatIsCutShort_IsAFaultAndLeavesNothing()
    {
        var mapping = MappingBench.Load("dataset: d\nsecond: { title: casualties, key: Id, of: No }\n"
            + "columns: [{ name: n, tally: { Severity: '3' } }]");
        var records = new StringBuilder("Id,Severity,Note\n");
        var random = new Random(1);
        for (var i = 0; i < 50_000; i++)
            records.Append(System.Globalization.CultureInfo.InvariantCulture, $"A,3,{random.NextInt64()}\n");
        using (var packed = new GZipStream(File.Create(At("cas.csv.gz")), CompressionLevel.Fastest))
            packed.Write(Encoding.UTF8.GetBytes(records.ToString()));
        using (var cut = File.OpenWrite(At("cas.csv.gz")))
            cut.SetLength(cut.Length / 2);
        var report = PrepareFiles.Run(mapping, [Write("1.csv", "No\nA\n")], At("out.csv"),
            TestContext.Current.CancellationToken, secondPath: At("cas.csv.gz"));
        var fault = MappingBench.Single(report);
        Assert.Equal((MappingFaultKind.Packed, "cas.csv.gz"), (fault.Kind, fault.Input));
        AssertFiles("1.csv", "cas.csv.gz");
    }

    MappingReport Prepare(string output, params string[] inputs) =>
        PrepareFiles.Run(_mapping, inputs, At(output), TestContext.Current.CancellationToken);

    string At(string name) => Path.Combine(_folder, name);

    string Write(string name, string text)
    {
        File.WriteAllText(At(name), text);
        return At(name);
    }

    void AssertFiles(params string[] names) =>
        Assert.Equal(names, Directory.GetFiles(_folder).Select(file => Path.GetFileName(file)).Order());
}
