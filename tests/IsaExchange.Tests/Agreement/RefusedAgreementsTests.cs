using System.Globalization;
using System.Text.RegularExpressions;
using IsaExchange.Agreement;
using IsaExchange.Tests.Outside;
using Xunit;

namespace IsaExchange.Tests.Agreement;

/// <summary>One agreement for each thing that can be wrong; its first line says what and on which line.</summary>
public sealed partial class RefusedAgreementsTests
{
    static readonly string Folder = Path.Combine(SharedFolders.Repository, "policies", "refused");

    public static TheoryData<string> Files { get; } =
        [.. Directory.GetFiles(Folder, "*.yaml").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [GeneratedRegex(@"^# refused: (?<words>.+) line (?<line>\d+)( on (?<day>[\d-]+))?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Expectation { get; }

    [Theory]
    [MemberData(nameof(Files))]
    public void EveryFile_IsRefusedForItsReasonOnItsLine(string file)
    {
        var path = Path.Combine(Folder, file);
        var expected = Expectation.Match(File.ReadLines(path).First());
        Assert.True(expected.Success, $"{file}: the first line is not '# refused: <words> line N'");
        DateOnly? today = expected.Groups["day"].Success ? Northmere.Day(expected.Groups["day"].Value) : null;
        var result = AgreementLoader.Load(path, PolicyVocabulary.Whole, today);

        Assert.Null(result.Agreement);
        var line = int.Parse(expected.Groups["line"].Value, CultureInfo.InvariantCulture);
        Assert.Contains(result.Faults, f => f.Message == expected.Groups["words"].Value && f.Line == line);
        Assert.All(result.Faults, f =>
        {
            Assert.Equal(file, f.File);
            Assert.NotEmpty(f.Clause);
            Assert.NotEmpty(f.Remedy);
        });
    }

    [Fact]
    public void Files_AreThere() => Assert.InRange(Files.Count, 80, 200);
}
