using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using IsaExchange.Datasets.Reading;
using IsaExchange.Datasets.Validation;

namespace IsaExchange.Fuzz.Harnesses;

/// <summary>
/// The reader and the validator. Four bytes say which plan, what to do with the content, and in which pieces it
/// arrives; the rest is the file.
/// </summary>
sealed class SubmissionHarness : Harness
{
    const int HeadBytes = 4;
    const int ContentBytesMax = 1 << 16;
    const int WithHeader = 1;
    const int WithMark = 2;
    const int Packed = 4;
    const int PackedAndCut = 8;

    public override string Name => "submission";

    public override bool Try(ReadOnlySpan<byte> content)
    {
        if (content.Length is < HeadBytes or > ContentBytesMax)
            return false;
        var plan = RandomPlans.Of(content[0]);
        var does = content[1];
        var chunk = 1 + content[2] + (content[3] << 8);
        var file = Compose(plan, does, content[HeadBytes..]);
        var whole = Validate(plan, file, file.Length + 1);
        var pieces = Validate(plan, file, chunk);
        AssertSame(whole, pieces, "the report does not depend on how the bytes arrive");
        AssertSound(plan, file, whole.Report);
        BrokenPromiseException.Unless(
            whole.Accepted == whole.Report.AcceptedCount || IsGivenUp(whole.Report),
            "what the sink was given is what is counted");
        CompareRecords(plan, file, chunk);
        if ((does & (Packed | PackedAndCut)) != 0 && !file.AsSpan().StartsWith<byte>([0x1F, 0x8B]))
            ComparePacked(plan, file, whole, (does & PackedAndCut) == 0 ? 0 : 1 + (content[3] % 32));
        return !whole.Report.HasErrors;
    }

    /// <summary>A good header lets the fuzzer reach the records without finding it.</summary>
    static byte[] Compose(ValidationPlan plan, byte does, ReadOnlySpan<byte> content)
    {
        byte[] mark = (does & WithMark) == 0 ? [] : [0xEF, 0xBB, 0xBF];
        var header = (does & WithHeader) == 0 ? "" : string.Join(',', plan.Spec.Fields.Select(f => f.Name)) + "\n";
        return [.. mark, .. Encoding.UTF8.GetBytes(header), .. content];
    }

    static Outcome Validate(ValidationPlan plan, byte[] file, int chunk)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var arriving = new PieceStream(file, chunk);
        var sink = new DigestingSink(digest);
        var report = new DatasetValidator(plan).Validate(arriving, sink, CancellationToken.None);
        return new Outcome(report, sink.Count, Convert.ToHexString(digest.GetHashAndReset()));
    }

    static void AssertSame(Outcome one, Outcome other, string promise)
    {
        var (a, b) = (one.Report, other.Report);
        BrokenPromiseException.Unless(
            (one.Digest == other.Digest || IsGivenUp(a))
                && a.Violations.SequenceEqual(b.Violations) && a.Groups.SequenceEqual(b.Groups)
                && a.RecordsByArea.SequenceEqual(b.RecordsByArea)
                && (a.RecordCount, a.AcceptedCount, a.ErrorCount, a.QueryCount, a.OutsideCount)
                    == (b.RecordCount, b.AcceptedCount, b.ErrorCount, b.QueryCount, b.OutsideCount)
                && (a.Truncated, a.StoppedEarly) == (b.Truncated, b.StoppedEarly),
            promise);
    }

    /// <summary>What came out of it before does not count.</summary>
    static bool IsGivenUp(ValidationReport report) => report.Groups.Any(g => g.Rule is "F022" or "F023");

    static void AssertSound(ValidationPlan plan, byte[] file, ValidationReport report)
    {
        var limits = plan.Limits;
        BrokenPromiseException.Unless(report.AcceptedCount <= report.RecordCount, "no record is accepted that is none");
        BrokenPromiseException.Unless(
            report.RecordsByArea.Sum() + report.OutsideCount == report.AcceptedCount,
            "each accepted record belongs to one area or to none");
        BrokenPromiseException.Unless(
            report.HasErrors || (report.AcceptedCount == report.RecordCount && !report.StoppedEarly),
            "without an error every record is accepted");
        BrokenPromiseException.Unless(
            report.Violations.Count <= limits.MaxViolationsShown && report.Groups.Count <= limits.MaxGroups,
            "the report is bounded");
        BrokenPromiseException.Unless(
            report.Truncated || report.Groups.Where(g => g.Severity == Severity.Error).Sum(g => g.Count)
                == report.ErrorCount,
            "the errors of the groups are all errors");
        var lines = 1 + file.Count(b => b is (byte)'\n' or (byte)'\r');
        foreach (var violation in report.Violations)
        {
            BrokenPromiseException.Unless(
                violation.Line >= 0 && (violation.Line <= lines || GzipLike(file)), "a line is one of the file");
            BrokenPromiseException.Unless(violation.Record <= report.RecordCount, "a record is one of the file");
            BrokenPromiseException.Unless(SaysNothingOfTheFile(plan, violation), "texts are those of the rules");
        }
    }

    /// <summary>Its lines are those of what is in it.</summary>
    static bool GzipLike(byte[] file) => file.AsSpan().StartsWith<byte>([0x1F, 0x8B]);

    static bool SaysNothingOfTheFile(ValidationPlan plan, Violation violation) =>
        Rules.Find(violation.Rule) is { } rule && violation.Remedy == rule.Remedy
        && violation.Description.StartsWith(rule.Sentence, StringComparison.Ordinal)
        && (violation.Field.Length == 0 || violation.Field.StartsWith("column ", StringComparison.Ordinal)
            || plan.Spec.IndexOf(violation.Field) >= 0);

    /// <summary>What the reader takes without a fault is what a plain reading finds, and the other way round.</summary>
    static void CompareRecords(ValidationPlan plan, byte[] file, int chunk)
    {
        if (GzipLike(file))
            return;
        var expected = PlainCsv.Read(file, plan.Limits.MaxRecordBytes, plan.Limits.MaxColumns);
        using var arriving = new PieceStream(file, chunk);
        using var records = new CsvRecords(arriving, plan.Limits.MaxRecordBytes, plan.Limits.MaxColumns);
        var (faulty, wide) = (false, false);
        while (records.Read())
        {
            if (records.Fault == CsvFault.BlankLine)
                continue;
            faulty |= records.Fault != CsvFault.None;
            wide |= !faulty && records.FieldCount > plan.Limits.MaxColumns;
            if (faulty || wide || expected is null)
                continue;
            BrokenPromiseException.Unless(records.Number < expected.Count, "there are no more records than lines give");
            var fields = expected[(int)records.Number];
            BrokenPromiseException.Unless(fields.Count == records.FieldCount, "a record has the fields that it has");
            for (var i = 0; i < fields.Count; i++)
            {
                BrokenPromiseException.Unless(
                    records.Field(i).SequenceEqual(fields[i]), "a field is what stands there");
            }
        }

        BrokenPromiseException.Unless(
            wide || (expected is null) == faulty, "what breaks RFC 4180 is a fault, and nothing else is");
        BrokenPromiseException.Unless(
            expected is null || wide || records.Number == expected.Count - 1, "no record is left out");
    }

    static void ComparePacked(ValidationPlan plan, byte[] file, Outcome whole, int cut)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(file);
        // The library writes nothing at all for nothing.
        if (packed.Length == 0)
            return;
        var bytes = packed.ToArray();
        var unpacked = Validate(plan, bytes[..^Math.Min(cut, bytes.Length - 3)], 7);
        if (cut == 0)
            AssertSame(whole, unpacked, "a packed file has the report of what is in it");
        else
        {
            BrokenPromiseException.Unless(
                IsGivenUp(unpacked.Report) || unpacked.Report.StoppedEarly, "a packed file that was cut is refused");
        }
    }

    sealed record Outcome(ValidationReport Report, long Accepted, string Digest);

    sealed class DigestingSink(IncrementalHash digest) : IRecordSink
    {
        public long Count { get; private set; }

        public void Accept(in ValidRecord record)
        {
            Count++;
            digest.AppendData(BitConverter.GetBytes(record.RecordNumber));
            digest.AppendData(BitConverter.GetBytes(record.AreaIndex));
            digest.AppendData(BitConverter.GetBytes(record.Count));
            foreach (var position in record.Dimensions)
                digest.AppendData(BitConverter.GetBytes(position));
            digest.AppendData(record.Canonical);
        }
    }

    /// <summary>Arrives in pieces of at most so many bytes.</summary>
    sealed class PieceStream(byte[] content, int piece) : ForwardStream
    {
        int _at;

        public override int Read(Span<byte> buffer)
        {
            var count = Math.Min(Math.Min(piece, buffer.Length), content.Length - _at);
            content.AsSpan(_at, count).CopyTo(buffer);
            _at += count;
            return count;
        }
    }
}
