using System.IO.Compression;
using System.Text;
using CsCheck;
using IsaExchange.Datasets.Validation;
using Xunit;

namespace IsaExchange.Tests.Datasets.Validation;

/// <summary>
/// One fault put at a known place of a good file is reported at that place: whatever the line ends, quoted line breaks
/// before it, byte order mark, order of the columns, and however the bytes arrive.
/// </summary>
public sealed class InjectedFaultProperties
{
    // A column outside the specification gives room for quoted line breaks and several bytes per character.
    static readonly string[] s_columns = ["row_no", "event_month", "crime_type", "lsoa", "extra"];

    static readonly string[] s_fields = ["row_no", "event_month", "crime_type", "lsoa"];
    static readonly string[] s_extras =
        ["", "a", "é", "日本", "\"x,y\"", "\"x\"\"y\"", "\"a\nb\"", "\"\r\n\"", "\"\r\"", "\"é\n\n\""];

    sealed record Case(
        string[] Columns, string[] Extras, string LineEnd, bool Mark, int FaultRecord, int FaultField, string Wrong,
        int Chunk);

    static readonly Gen<Case> s_case =
        from columns in Gen.Shuffle(s_columns)
        from extras in Gen.OneOf(s_extras).Array[1, 30]
        from lineEnd in Gen.OneOf("\n", "\r\n", "\r")
        from mark in Gen.Bool
        from record in Gen.Int[1, 30]
        from field in Gen.Int[0, 3]
        from wrong in Gen.OneOf("?", "\"?\"", "\"\n?\"", "\"\r\n\r\n\"", "é", "日本\u3000")
        from chunk in Gen.OneOf(1, 2, 3, 5, 7, 64, 100_000)
        select new Case(columns, extras, lineEnd, mark, ((record - 1) % extras.Length) + 1, field, wrong, chunk);

    [Fact]
    public void InjectedFault_IsReportedAtItsPlace() => s_case.Sample(c =>
    {
        var (csv, line) = Write(c, s_fields[c.FaultField]);
        var report = TestDatasets.Street.Validate(Encoding.UTF8.GetBytes(csv), c.Chunk);
        var found = Assert.Single(report.Violations,
            v => v.Severity == Severity.Error && v.Rule[0] is not 'D' && v.Rule is not ("F018" or "F017"));
        var column = Array.IndexOf(c.Columns, s_fields[c.FaultField]) + 1;
        Assert.Equal((line, c.FaultRecord, column, s_fields[c.FaultField]),
            (found.Line, found.Record, found.Column, found.Field));
        Assert.Equal(c.Extras.Length, report.RecordCount);
    }, iter: 3000);

    [Fact]
    public void ReportOfAFaultyFile_DoesNotDependOnHowItArrives() => s_case.Sample(c =>
    {
        var bytes = Encoding.UTF8.GetBytes(Write(c, s_fields[c.FaultField]).Csv);
        AssertSame(TestDatasets.Street.Validate(bytes), TestDatasets.Street.Validate(bytes, c.Chunk));
    }, iter: 1000);

    [Fact]
    public void InjectedFaultInAPackedFile_IsReportedAtItsPlaceInTheContent() => s_case.Sample(c =>
    {
        var bytes = Encoding.UTF8.GetBytes(Write(c, s_fields[c.FaultField]).Csv);
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(bytes);
        AssertSame(TestDatasets.Street.Validate(bytes), TestDatasets.Street.Validate(packed.ToArray(), c.Chunk));
    }, iter: 500);

    [Fact]
    public void ReportOfAnyBytes_DoesNotDependOnHowTheyArrive() =>
        Gen.Select(
            Gen.OneOf("row_no,event_month,crime_type,lsoa\n", "row_no,lsoa\r\n", "", "\uFEFFlsoa\n"),
            Gen.OneOf("1", ",", "\n", "\r", "\r\n", "\"", "\"\"", "a", "é", "\u2028", "\0", " ", "2018-10")
                .Array[0, 60],
            Gen.Int[1, 9]).Sample((head, parts, chunk) =>
        {
            var bytes = Encoding.UTF8.GetBytes(head + string.Concat(parts));
            AssertSame(TestDatasets.Street.Validate(bytes), TestDatasets.Street.Validate(bytes, chunk));
        }, iter: 3000);

    static void AssertSame(ValidationReport whole, ValidationReport pieces)
    {
        Assert.Equal(whole.Violations, pieces.Violations);
        Assert.Equal(whole.Groups, pieces.Groups);
        Assert.Equal(whole.RecordsByArea, pieces.RecordsByArea);
        Assert.Equal(
            (whole.RecordCount, whole.AcceptedCount, whole.ErrorCount, whole.QueryCount, whole.StoppedEarly),
            (pieces.RecordCount, pieces.AcceptedCount, pieces.ErrorCount, pieces.QueryCount, pieces.StoppedEarly));
    }

    /// <summary>The file, and the physical line on which the faulty field begins.</summary>
    static (string Csv, long Line) Write(Case c, string faultField)
    {
        var csv = new StringBuilder(c.Mark ? "\uFEFF" : "").AppendJoin(',', c.Columns).Append(c.LineEnd);
        var faultAt = 0;
        for (var record = 1; record <= c.Extras.Length; record++)
        {
            for (var column = 0; column < c.Columns.Length; column++)
            {
                var name = c.Columns[column];
                if (record == c.FaultRecord && name == faultField)
                    faultAt = csv.Length;
                csv.Append(record == c.FaultRecord && name == faultField ? c.Wrong : Right(name, record, c.Extras))
                    .Append(column < c.Columns.Length - 1 ? "," : c.LineEnd);
            }
        }

        var before = csv.ToString(0, faultAt).Replace("\r\n", "\n", StringComparison.Ordinal);
        return (csv.ToString(), 1 + before.Count(x => x is '\r' or '\n'));
    }

    static string Right(string name, int record, string[] extras) => name switch
    {
        "row_no" => record.ToString(System.Globalization.CultureInfo.InvariantCulture),
        "event_month" => "2018-11",
        "crime_type" => "drugs",
        "lsoa" => "E01000001",
        _ => extras[record - 1],
    };
}
