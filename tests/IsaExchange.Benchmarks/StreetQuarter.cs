using System.Buffers;
using System.Globalization;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.ServiceTests.Journeys;
using IsaExchange.Tests.Outside;

namespace IsaExchange.Benchmarks;

/// <summary>
/// A real quarter of one police force, as <c>isax prepare</c> makes it of the open files, and the same records over and
/// over until a file is large. In a folder that is gone with this object.
/// </summary>
sealed class StreetQuarter : IDisposable
{
    /// <summary>Records in each of the files of P5.</summary>
    public const int WrongRecords = 1_000_000;

    readonly string _folder = Directory.CreateTempSubdirectory("isax-benchmark-").FullName;

    StreetQuarter()
    {
    }

    /// <summary>The quarter itself.</summary>
    public string File => Path.Combine(_folder, "quarter.csv");

    /// <summary>The quarter repeated.</summary>
    public string Large => Path.Combine(_folder, "large.csv");

    public long Records { get; private set; }

    public long LargeRecords { get; private set; }

    /// <exception cref="BenchmarkFaultException">The real files are missing.</exception>
    public static async Task<StreetQuarter> PrepareAsync()
    {
        string[] files;
        try
        {
            files = HampshireQuarter.StreetFiles;
        }
        catch (Exception e)
        {
            throw new BenchmarkFaultException(
                "The real street-level files are missing: they belong in ../shared/data/police beside the repository,"
                + " or where ISAX_DATA says.", inner: e);
        }

        var quarter = new StreetQuarter();
        var mapping = Path.Combine(SharedFolders.Repository, "policies", "mappings", "data-police-uk.yaml");
        var ran = await Programs.RunIsaxAsync(["prepare", .. files, "--mapping", mapping, "--out", quarter.File]);
        if (ran.ExitCode != 0)
            throw new BenchmarkFaultException($"isax prepare: {ran}");
        quarter.Records = System.IO.File.ReadLines(quarter.File).LongCount() - 1;
        return quarter;
    }

    /// <summary>Repeats the records, numbered on, until the large file has at least this many bytes.</summary>
    public async Task EnlargeAsync(long bytes)
    {
        var content = await System.IO.File.ReadAllBytesAsync(File);
        var header = content.AsMemory(0, content.AsSpan().IndexOf((byte)'\n') + 1);
        var rests = Rests(content.AsSpan(header.Length));
        await using var large = new FileStream(Large, FileMode.Create);
        await large.WriteAsync(header);
        var part = new ArrayBufferWriter<byte>(1 << 20);
        var number = 0L;
        while (large.Length < bytes)
        {
            foreach (var rest in rests)
            {
                (++number).TryFormat(part.GetSpan(20), out var digits, provider: CultureInfo.InvariantCulture);
                part.Advance(digits);
                part.Write(content.AsSpan(rest));
            }

            await large.WriteAsync(part.WrittenMemory);
            part.ResetWrittenCount();
        }

        LargeRecords = number;
    }

    /// <summary>So many records in order, and as many of the same length with every cell wrong.</summary>
    public async Task<(string Right, string Wrong)> RightAndWrongAsync()
    {
        var (right, wrong) = (Path.Combine(_folder, "right.csv"), Path.Combine(_folder, "wrong.csv"));
        await using var rights = new StreamWriter(right) { NewLine = "\n" };
        await using var wrongs = new StreamWriter(wrong) { NewLine = "\n" };
        var lines = await System.IO.File.ReadAllLinesAsync(File);
        await rights.WriteLineAsync(lines[0]);
        await wrongs.WriteLineAsync(lines[0]);
        for (var number = 1; number <= WrongRecords; number++)
        {
            var cells = lines[1 + (number % (lines.Length - 1))].Split(',');
            cells[0] = number.ToString(CultureInfo.InvariantCulture);
            await rights.WriteLineAsync(string.Join(',', cells));
            await wrongs.WriteLineAsync(string.Join(',', cells.Select(Spoilt)));
        }

        return (right, wrong);
    }

    static string Spoilt(string cell) => cell.Length == 0 ? "?" : "?" + cell[1..];

    /// <summary>For each record where it goes on after its number, up to and with the end of its line.</summary>
    List<Range> Rests(ReadOnlySpan<byte> records)
    {
        var rests = new List<Range>();
        var first = (int)new FileInfo(File).Length - records.Length;
        for (var at = 0; at < records.Length;)
        {
            var line = records[at..];
            var comma = line.IndexOf((byte)',');
            var length = line.IndexOf((byte)'\n') + 1;
            rests.Add((first + at + comma)..(first + at + length));
            at += length;
        }

        return rests;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
