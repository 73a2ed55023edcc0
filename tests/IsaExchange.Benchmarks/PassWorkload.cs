using System.Diagnostics;
using IsaExchange.Datasets.CodeLists;
using IsaExchange.Datasets.Specs;
using IsaExchange.Datasets.Validation;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Submitting;
using IsaExchange.ServiceTests.Journeys;

namespace IsaExchange.Benchmarks;

/// <summary>
/// The pass that the service makes over arriving content, in this process: hash, seal, parse, validate every column,
/// look for personal data, count into the cube. What it seals is let go of.
/// </summary>
sealed class PassWorkload
{
    static readonly byte[] FingerprintKey = new byte[32];

    readonly ValidationPlan _plan;

    PassWorkload(ValidationPlan plan) => _plan = plan;

    /// <summary>With the lists and areas that the real quarter is sent with.</summary>
    public static async Task<PassWorkload> CompileAsync()
    {
        var policies = Directory.CreateTempSubdirectory("isax-policies-").FullName;
        try
        {
            await HampshireQuarter.WritePoliciesAsync(policies);
            var spec = DatasetCatalog.Load(policies, out _).Find(MeasuredExchange.Dataset)!;
            var lists = CodeListCatalog.Load(Path.Combine(policies, "hampshire", "codelists"), out _);
            return new PassWorkload(ValidationPlan.Compile(
                spec, lists, new DateOnly(2018, 10, 1), new DateOnly(2019, 1, 1),
                [.. HampshireQuarter.Partnerships()]));
        }
        finally
        {
            Directory.Delete(policies, recursive: true);
        }
    }

    /// <summary>P1: peer is DuckDB, which reads the same file with declared types, groups and counts.</summary>
    public async Task<ResultRow[]> RunAsync(Order order, StreetQuarter quarter, Progress progress)
    {
        progress.Say("warming up");
        await TimeAsync(quarter.Large, quarter.LargeRecords);
        var (ours, theirs, processor) = (new List<TimeSpan>(), new List<TimeSpan>(), new List<TimeSpan>());
        for (var pair = 1; pair <= order.Pairs; pair++)
        {
            var before = Environment.CpuUsage.TotalTime;
            ours.Add(await TimeAsync(quarter.Large, quarter.LargeRecords));
            processor.Add(Environment.CpuUsage.TotalTime - before);
            theirs.Add(DuckDbPass.Time(quarter.Large, quarter.LargeRecords));
            progress.Say($"p1, pair {pair} of {order.Pairs}: the pass {ours[^1].TotalSeconds:0.00} s"
                + $" ({processor[^1].TotalSeconds:0.00} s CPU), DuckDB {theirs[^1].TotalSeconds:0.00} s");
        }

        var bytes = new FileInfo(quarter.Large).Length;
        var perRecord = Figures.Median(processor).TotalNanoseconds / quarter.LargeRecords;
        return
        [
            ResultRow.OfThroughput(
                "P1", "in process", "DuckDB, 2 threads", bytes, new Figures(ours, theirs), "≥ 1.5×",
                FormattableString.Invariant($"{perRecord:0} ns CPU a record")),
        ];
    }

    /// <summary>P5: a file whose every cell is wrong, against the same one in order.</summary>
    public async Task<ResultRow[]> RunWrongAsync(Order order, StreetQuarter quarter, Progress progress)
    {
        var (right, wrong) = await quarter.RightAndWrongAsync();
        await TimeAsync(right, StreetQuarter.WrongRecords);
        await TimeAsync(wrong, 0);
        var (ours, theirs) = (new List<TimeSpan>(), new List<TimeSpan>());
        var allocated = 0L;
        for (var pair = 1; pair <= order.Pairs; pair++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            ours.Add(await TimeAsync(wrong, 0));
            allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
            theirs.Add(await TimeAsync(right, StreetQuarter.WrongRecords));
        }

        progress.Say("p5 done");
        return
        [
            ResultRow.OfTime(
                "P5", "in process", "the same records in order", new Figures(ours, theirs), "≤ 3×",
                FormattableString.Invariant($"{allocated / 1024.0 / 1024:0.0} MiB allocated in the wrong pass")),
        ];
    }

    /// <param name="accepted">So many records must have been found in order.</param>
    async Task<TimeSpan> TimeAsync(string file, long accepted)
    {
        var started = Stopwatch.GetTimestamp();
        var limits = new Limits();
        using var key = FileKey.Generate();
        using var pass = new ContentPass(key, _plan, MeasuredExchange.Dataset, FingerprintKey, limits);
        var buffer = new byte[256 << 10];
        await using var content = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 0);
        for (int read; (read = await content.ReadAsync(buffer)) > 0;)
        {
            await pass.WriteAsync(buffer.AsMemory(0, read), CancellationToken.None);
            if (pass.Sealed.WrittenCount >= limits.DurableBlockBytes)
                pass.Sealed.ResetWrittenCount();
        }

        pass.End();
        var result = await pass.ResultAsync(CancellationToken.None);
        return result.Report.AcceptedCount == accepted
            ? Stopwatch.GetElapsedTime(started)
            : throw new BenchmarkFaultException($"The pass accepted {result.Report.AcceptedCount} of {accepted}.");
    }
}
