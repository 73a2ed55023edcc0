using System.Text;
using IsaExchange.Datasets.Validation;
using Xunit;

namespace IsaExchange.Tests.Datasets.Validation;

/// <summary>The report is bounded, exact in its counts, and says when it is cut.</summary>
public sealed class ReportTests
{
    static readonly byte[] s_wrongRow = "x,x,x,x\n"u8.ToArray();

    [Fact]
    public void EveryCellWrong_IsCountedExactlyAndListedInBounds()
    {
        var report = TestDatasets.Street.Validate(Wrong(5_000));
        Assert.Equal((5_000, 20_000, true), (report.RecordCount, report.ErrorCount, report.Truncated));
        Assert.Equal(400, report.Violations.Count);
        Assert.Equal(["T203", "T205", "C301", "C302"], report.Groups.Select(g => g.Rule).OrderBy(r => r[0] == 'C'));
        Assert.All(report.Groups, g => Assert.Equal(5_000, g.Count));
    }

    [Fact]
    public void ShortReport_IsNotTruncated()
    {
        var report = TestDatasets.Street.Validate(Wrong(100));
        Assert.Equal((400, false), (report.Violations.Count, report.Truncated));
        Assert.Equal(report.ErrorCount, report.Violations.Count);
    }

    [Theory]
    [InlineData(10, 100, 500, 10)]
    [InlineData(1000, 2, 500, 8)]
    public void Limits_CutTheListAndSaySo(int shown, int perGroup, int groups, int expected)
    {
        var limits = new ValidationLimits
        {
            MaxViolationsShown = shown, MaxViolationsPerGroup = perGroup, MaxGroups = groups,
        };
        var report = TestDatasets.Plan("police-street-level", limits).Validate(Wrong(100));
        Assert.Equal((expected, 400, true), (report.Violations.Count, report.ErrorCount, report.Truncated));
        Assert.Equal(400, report.Groups.Sum(g => g.Count));
    }

    [Fact]
    public void MoreGroupsThanTheLimit_AreCutAndSaidSo()
    {
        var limits = new ValidationLimits { MaxGroups = 3 };
        var report = TestDatasets.Plan("police-street-level", limits).Validate(Wrong(1));
        Assert.Equal((3, 4, true), (report.Groups.Count, report.ErrorCount, report.Truncated));
    }

    [Fact]
    public void Groups_ListErrorsBeforeQueries()
    {
        var report = TestDatasets.Street.Validate(
            TestDatasets.StreetHeader + "\n1,2018-10,drugs,\n2,2018-10,drugs,\n3,2018-10,wrong,\n");
        Assert.Equal(["C301 crime_type 1 Error", "X402 lsoa 2 Query"],
            report.Groups.Select(g => $"{g.Rule} {g.Field} {g.Count} {g.Severity}"));
    }

    [Fact]
    public void QueriesAlone_AreNoErrors()
    {
        var report = TestDatasets.Street.Validate(TestDatasets.StreetHeader + "\n1,2018-10,drugs,\n");
        Assert.Equal((false, 1), (report.HasErrors, report.QueryCount));
    }

    [Fact]
    public void GoodRecords_AllocateNothing()
    {
        var (content, start) = (Good(100_000), Good(1_000));
        var few = Allocated(() => Run(start));
        var many = Allocated(() => Run(content));
        Assert.InRange(many - few, -1024, 1024);
        Assert.InRange(many, 0, 64 * 1024);

        static void Run(byte[] bytes)
        {
            var sink = new CountingSink();
            var report = new DatasetValidator(TestDatasets.Street).Validate(new MemoryStream(bytes), sink, default);
            Assert.Equal(report.AcceptedCount, sink.Count);
        }
    }

    [Fact]
    public void WrongRecords_AllocateNothingOnceTheListIsFull()
    {
        TestDatasets.Street.Validate(Wrong(20_000));
        var few = Allocated(() => Run(1_000));
        var many = Allocated(() => Run(1_000_000));
        Assert.InRange(many - few, -16 * 1024, 16 * 1024);

        static void Run(int rows)
        {
            var header = Encoding.UTF8.GetBytes(TestDatasets.StreetHeader + "\n");
            using var stream = new RepeatingStream(header, s_wrongRow, rows);
            var report = new DatasetValidator(TestDatasets.Street).Validate(stream, new CountingSink(), default);
            Assert.Equal(4L * rows, report.ErrorCount);
            Assert.Equal(400, report.Violations.Count);
            Assert.True(report.Truncated);
        }
    }

    [Fact]
    public void Rules_HaveUniqueStableCodesAndText()
    {
        Assert.Equal(Rules.All.Count, Rules.All.Select(r => r.Code).Distinct().Count());
        Assert.All(Rules.All, r =>
        {
            Assert.Matches("^(F0|H1|T2|C3|X4|D5|P6|Q7)[0-9]{2}$", r.Code);
            Assert.All(new[] { r.Title, r.Sentence, r.Remedy }, t => Assert.NotEqual("", t));
            Assert.Equal(r, Rules.Find(r.Code));
        });
        Assert.Null(Rules.Find("X999"));
    }

    static byte[] Good(int rows) => Encoding.UTF8.GetBytes(TestDatasets.StreetHeader + "\n"
        + string.Concat(Enumerable.Range(1, rows).Select(i => $"{i},2018-11,public-order,E01000002\n")));

    static byte[] Wrong(int rows) => Encoding.UTF8.GetBytes(TestDatasets.StreetHeader + "\n"
        + string.Concat(Enumerable.Repeat("x,x,x,x\n", rows)));

    static long Allocated(Action run)
    {
        // The first run may compile; the least of some runs is what the code itself needs.
        return Enumerable.Range(0, 3).Min(_ =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            run();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
    }
}
