using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using IsaExchange.Datasets.Validation;
using IsaExchange.Tests.Datasets.Specs;
using Xunit;

namespace IsaExchange.Tests.Datasets.Validation;

/// <summary>
/// Reads the text of a <see cref="RuleExample"/> and makes the file that it speaks of, out of the valid example of a
/// dataset. Nothing but the text decides what the file holds.
/// </summary>
static partial class ExampleText
{
    /// <summary>The text is the whole file.</summary>
    public static byte[] Whole(string text) => Bytes(Written(text));

    /// <summary>The text are the records below the header.</summary>
    public static byte[] Records(string dataset, string text) => Bytes($"{Lines(dataset)[0]}\n{Written(text)}");

    /// <summary>The text is how the file begins, instead of its first three letters.</summary>
    public static byte[] Start(string dataset, string text) => Bytes(Written(text) + Valid(dataset)["row".Length..]);

    /// <summary>The text are fields of the first record.</summary>
    public static byte[] Fields(string dataset, string text)
    {
        var lines = Lines(dataset);
        lines[1] = Changed(lines, text);
        return Bytes(Joined(lines));
    }

    /// <summary>The text are fields of the only record.</summary>
    public static byte[] OnlyRecord(string dataset, string text)
    {
        var lines = Lines(dataset);
        return Bytes(Joined([lines[0], Changed(lines, text)]));
    }

    /// <summary>The text are fields of every record, and there are so many.</summary>
    public static byte[] EveryRecord(string dataset, int count, string text)
    {
        var lines = Lines(dataset);
        var changed = Changed(lines, text);
        var records = Enumerable.Range(1, count).Select(number =>
            Changed([lines[0], changed], string.Create(CultureInfo.InvariantCulture, $"row_no={number}")));
        return Bytes(Joined([lines[0], .. records]));
    }

    /// <summary>The text is the name of a column outside the dataset, and its first values.</summary>
    public static byte[] Column(string text, int count, Func<int, string> value)
    {
        var parts = Written(text).Split(": ", 2);
        Assert.Equal(string.Join(", ", Enumerable.Range(1, 3).Select(value)), parts[1]);
        var records = Enumerable.Range(1, count).Select(number => string.Create(
            CultureInfo.InvariantCulture, $"{number},2026-07,drugs,X01000001,{value(number)}"));
        return Bytes(Joined([$"{Lines("police-street-level")[0]},{parts[0]}", .. records]));
    }

    /// <summary>The text says no more than its remark does: the file is the valid one.</summary>
    public static byte[] Unchanged(string dataset, string text)
    {
        Assert.Equal("", Written(text));
        return ExampleFilesTests.Read(dataset, "valid.csv");
    }

    /// <summary>The areas that a remark says the submission is for; null where it says nothing of it.</summary>
    public static IReadOnlyList<string>? Areas(string text) =>
        Area().Matches(Remark().Match(text).Value).Select(m => m.Value).ToList() is { Count: > 0 } areas
            ? areas
            : null;

    /// <summary>The numbers of a remark, in its order.</summary>
    public static IReadOnlyList<long> Numbers(string text) =>
        [.. Number().Matches(text).Select(m => long.Parse(m.Value, CultureInfo.InvariantCulture))];

    static string Changed(string[] lines, string text)
    {
        var names = lines[0].Split(',').ToList();
        var record = lines[1].Split(',');
        foreach (var part in Written(text).Split("; "))
        {
            var (name, value) = (part[..part.IndexOf('=')], part[(part.IndexOf('=') + 1)..]);
            Assert.Contains(name, names);
            record[names.IndexOf(name)] = value;
        }

        return string.Join(',', record);
    }

    /// <summary>Each character is one byte.</summary>
    static string Written(string text) => Escape().Replace(Remark().Replace(text, ""), m => m.Value[1] switch
    {
        't' => "\t",
        'r' => "\r",
        'n' => "\n",
        _ => ((char)Convert.ToByte(m.Value[2..], 16)).ToString(),
    });

    static string[] Lines(string dataset) => Valid(dataset).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    static string Valid(string dataset)
    {
        var text = Encoding.ASCII.GetString(ExampleFilesTests.Read(dataset, "valid.csv"));
        Assert.DoesNotContain('"', text);
        return text;
    }

    static string Joined(IEnumerable<string> lines) => string.Concat(lines.Select(line => line + "\n"));

    static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    [GeneratedRegex(@"\\(x[0-9A-F]{2}|[trn])", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Escape();

    [GeneratedRegex(@" ?\([^()]*\)$", RegexOptions.None, 1000)]
    private static partial Regex Remark();

    [GeneratedRegex("X22[0-9]{6}", RegexOptions.None, 1000)]
    private static partial Regex Area();

    [GeneratedRegex("[0-9]+", RegexOptions.None, 1000)]
    private static partial Regex Number();
}
