using System.Globalization;
using System.Text.Json.Nodes;

namespace IsaExchange.Benchmarks;

/// <summary>
/// P4: the most memory that a service ever held, for a small, a large and a ten times larger file, each on a service
/// that has just started, and for many small uploads at once. No peer: it is compared with itself.
/// </summary>
static class MemoryWorkload
{
    const long SmallBytes = 10_000_000;
    const int Uploads = 50;

    /// <summary>Embedded: on servers the service does the same.</summary>
    public static async Task<ResultRow[]> RunAsync(Order order, StreetQuarter quarter, Progress progress)
    {
        var rows = new List<ResultRow>();
        long? smallest = null;
        foreach (var bytes in new[] { SmallBytes, order.Bytes, 10 * order.Bytes })
        {
            progress.Say($"p4: making {bytes / 1_000_000:N0} MB");
            await quarter.EnlargeAsync(bytes);
            await using var exchange = await StartAsync();
            var sent = await exchange.SendAsync(quarter.Large);
            var peak = Peak(exchange.Exchange.ProcessId);
            smallest ??= peak;
            progress.Say($"p4: {sent}, peak {MiB(peak)}");
            rows.Add(ResultRow.OfMemory(
                $"P4 {bytes / 1_000_000:N0} MB", "embedded", MiB(peak), peak / (double)smallest.Value,
                "≤ 1.1×, ≤ 256 MiB"));
        }

        File.Delete(quarter.Large);
        await using var busy = await StartAsync();
        var uploads = new QuarterWorkload(busy, quarter.File);
        await Task.WhenAll(Enumerable.Range(0, Uploads).Select(_ => uploads.UploadAsync()));
        var all = Peak(busy.Exchange.ProcessId);
        rows.Add(ResultRow.OfMemory(
            $"P4 {Uploads} at once", "embedded", MiB(all), all / (double)smallest!.Value, "–"));
        return [.. rows];
    }

    static async Task<MeasuredExchange> StartAsync()
    {
        var exchange = await MeasuredExchange.StartAsync(onServers: false);
        await exchange.Exchange.KillAsync();
        var file = Path.Combine(exchange.Exchange.Home, "settings.json");
        var settings = JsonNode.Parse(await File.ReadAllTextAsync(file))!;
        settings["dataset_bytes_max"] = 64L << 30;
        settings["uploads_per_party"] = Uploads;
        await File.WriteAllTextAsync(file, settings.ToJsonString());
        await exchange.Exchange.ServeAsync();
        return exchange;
    }

    /// <summary>Bytes of physical memory that a process ever had at once.</summary>
    static long Peak(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status")
            .First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(
            line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) << 10;
    }

    static string MiB(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes >> 20} MiB");
}
