using System.Globalization;

namespace IsaExchange.Benchmarks;

/// <summary>From an order to its table.</summary>
static class Measuring
{
    public static async Task<string> RunAsync(Order order)
    {
        var clock = TimeProvider.System;
        var progress = new Progress(clock);
        var before = Machine.Load();
        using var quarter = await StreetQuarter.PrepareAsync();
        if (order.Asks("p1") || order.Asks("p2"))
        {
            progress.Say("making the large file");
            await quarter.EnlargeAsync(order.Bytes);
        }

        List<ResultRow> rows =
        [
            .. await InProcessAsync(order, quarter, progress),
            .. order.Asks("p8") ? SuppressionWorkload.Run(order, progress) : [],
            .. order.Asks("p8") ? ProtectionWorkload.Run(order, progress) : [],
            .. await StartingAsync(order, quarter, progress),
            .. await OnExchangesAsync(order, quarter, progress),
            // Last, for it makes other large files in the place of the one.
            .. order.Asks("p4") ? await MemoryWorkload.RunAsync(order, quarter, progress) : [],
        ];
        var day = clock.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return $"""
            {ResultRow.Table(rows)}

            {day}: {await Machine.DescribeAsync(order.OnServers.Contains(true))}.
            Load before {before}, after {Machine.Load()} (the benchmark itself included).
            {Files(order, quarter)}
            """;
    }

    static async Task<List<ResultRow>> InProcessAsync(Order order, StreetQuarter quarter, Progress progress)
    {
        if (!order.Asks("p1") && !order.Asks("p5"))
            return [];
        var pass = await PassWorkload.CompileAsync();
        return
        [
            .. order.Asks("p1") ? await pass.RunAsync(order, quarter, progress) : [],
            .. order.Asks("p5") ? await pass.RunWrongAsync(order, quarter, progress) : [],
        ];
    }

    static async Task<ResultRow[]> StartingAsync(Order order, StreetQuarter quarter, Progress progress)
    {
        if (!order.Asks("p11"))
            return [];
        await using var exchange = await MeasuredExchange.StartAsync(onServers: false);
        return await new StartWorkload(exchange, quarter).RunAsync(progress);
    }

    static async Task<List<ResultRow>> OnExchangesAsync(Order order, StreetQuarter quarter, Progress progress)
    {
        var rows = new List<ResultRow>();
        foreach (var onServers in order.OnServers.Where(_ => order.Asks("p2") || order.Asks("p3")))
        {
            progress.Say($"starting an exchange, {(onServers ? "on servers" : "embedded")}");
            await using var exchange = await MeasuredExchange.StartAsync(onServers);
            if (order.Asks("p2"))
                rows.AddRange(await SendWorkload.RunAsync(order, quarter, exchange, progress));
            if (order.Asks("p3"))
                rows.AddRange(await QuarterWorkload.RunAsync(order, quarter, exchange, progress));
        }

        return rows;
    }

    static string Files(Order order, StreetQuarter quarter)
    {
        var small = new FileInfo(quarter.File).Length;
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"Pairs: {order.Pairs} (P2), {order.Rounds} (P3). Quarter: {quarter.Records:N0} records, {small:N0} B.");
        return !File.Exists(quarter.Large)
            ? text
            : text + string.Create(
                CultureInfo.InvariantCulture,
                $" Large file: {quarter.LargeRecords:N0} records, {new FileInfo(quarter.Large).Length:N0} bytes.");
    }
}
