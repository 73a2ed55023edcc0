using System.Text;
using IsaExchange.Tests.Outside;
using Xunit;

namespace IsaExchange.Tests.Datasets.Reading;

/// <summary>
/// Our reader against Sylvan.Data.Csv and DuckDB: the same number of records, and the same fields in each. Generated
/// files stay within RFC 4180, which the two others do not hold anybody to: they take a quote inside a field, text
/// behind a closing one, bytes that are no UTF-8. What our reader makes of those is in its own tests.
/// </summary>
public sealed class OtherReadersTests(ITestOutputHelper output)
{
    const int Files = 40;
    const int FilesInFull = 2_000;

    static readonly string[] s_values =
    [
        "\r", "", "", "a", "0123456789", "é", "日本語", "𝄞", "x,y", "\"", "\"\"", "a\"b", "\n", "\r\n", "a\r\nb\n",
        " ", " a ", "\t", "'", "#", ";", "NULL", "\\", "\\\"", "x\uFEFF", "\u2028", "=1+1", "2026-07-01",
    ];

    static readonly bool s_full = Environment.GetEnvironmentVariable("ISAX_FULL") == "1";

    [Fact]
    public void GeneratedFiles_HaveTheSameRecords()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("ISAX_SEED"), out var given)
            ? given : Random.Shared.Next(1 << 30);
        var path = Path.GetTempFileName();
        var records = 0L;
        for (var number = 0; number < (s_full ? FilesInFull : Files); number++)
        {
            var made = Made(new Random(seed + number));
            File.WriteAllText(path, made.Csv, new UTF8Encoding(encoderShouldEmitUTF8Identifier: made.Mark));
            var what = $"seed {seed + number}, {made.Columns} columns";
            using var file = File.OpenRead(path);
            var ours = OtherReaders.Ours(file, out var fault, out var ends);
            Assert.True(ours is not null, $"{what}: {fault}");
            Assert.True(made.Records == ours.Count, $"{what}: {ours.Count} records of {made.Records}");
            if (!made.HasReturns)
            {
                using var text = new StreamReader(path);
                AssertSame(ours, OtherReaders.Sylvan(text), $"{what}, Sylvan");
            }

            if (!made.IsRagged)
                AssertSame(ours, OtherReaders.DuckDb(path, made.Columns, ends), $"{what}, DuckDB");
            records += ours.Count;
        }

        File.Delete(path);
        output.WriteLine($"{records} records, seed {seed}");
    }

    [Fact]
    public void RealFiles_HaveTheSameRecords()
    {
        var files = Directory.GetFiles(SharedFolders.Data(), "*.csv", SearchOption.AllDirectories);
        Assert.True(files.Length >= 20, $"only {files.Length} files");
        var (records, compared) = (0L, 0);
        foreach (var path in files)
        {
            var name = Path.GetFileName(path);
            using var file = File.OpenRead(path);
            var ours = OtherReaders.Ours(file, out var fault, out var ends);
            if (ours is null)
            {
                output.WriteLine($"{name}: {fault}");
                continue;
            }

            using var text = new StreamReader(path);
            AssertSame(ours, OtherReaders.Sylvan(text), $"{name}, Sylvan");
            var columns = ours[0].Fields;
            Assert.All(ours, r => Assert.Equal(columns, r.Fields));
            AssertSame(ours, OtherReaders.DuckDb(path, columns, ends), $"{name}, DuckDB");
            records += ours.Count;
            compared++;
        }

        // A reader that refused them all would otherwise agree with everybody.
        Assert.True(compared >= 20, $"only {compared} of {files.Length} files were compared");
        output.WriteLine($"{records} records of {compared} files out of {files.Length}");
    }

    static void AssertSame(
        List<(int Fields, ulong Digest)> ours, List<(int Fields, ulong Digest)> theirs, string what)
    {
        var different = ours.Zip(theirs).TakeWhile(p => p.First == p.Second).Count();
        Assert.True(
            ours.Count == theirs.Count && different == ours.Count,
            $"{what}: {ours.Count} and {theirs.Count} records, the first that differs is {different}");
    }

    /// <param name="HasReturns">CR alone inside quotes, of which Sylvan (1.4.4) makes further records.</param>
    sealed record MadeFile(
        string Csv, int Records, int Columns, bool IsRagged, bool HasReturns, bool Mark);

    static MadeFile Made(Random random)
    {
        var columns = random.Next(3) == 0 ? random.Next(100, 200) : random.Next(2, 12);
        var (records, ragged) = (random.Next(1, 60_000 / columns / 20), random.Next(4) == 0);
        var (end, quoteAll) = (random.Next(2) == 0 ? "\n" : "\r\n", random.Next(4) == 0);
        var hasReturns = random.Next(4) == 0;
        var values = hasReturns ? s_values : s_values[1..];
        var csv = new StringBuilder();
        for (var record = 0; record < records; record++)
        {
            var fields = ragged ? random.Next(2, columns + 1) : columns;
            for (var i = 0; i < fields; i++)
            {
                csv.Append(i == 0 ? "" : ",");
                csv.Append(Written(Value(random, values), quoteAll || random.Next(8) == 0));
            }

            // The last line end may be missing.
            csv.Append(record < records - 1 || random.Next(3) > 0 ? end : "");
        }

        return new(csv.ToString(), records, columns, ragged, hasReturns, random.Next(3) == 0);
    }

    static string Value(Random random, string[] values) => random.Next(40) == 0
        ? string.Concat(random.GetItems(values, random.Next(10, 60)))
        : values[random.Next(values.Length)];

    static string Written(string value, bool quote) => quote || value.AsSpan().IndexOfAny(",\"\r\n") >= 0
        ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
        : value;
}
