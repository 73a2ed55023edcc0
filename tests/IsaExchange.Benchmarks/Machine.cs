using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using DuckDB.NET.Data;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.Tests.Outside;

namespace IsaExchange.Benchmarks;

/// <summary>On what, with what and how busy: without it no figure means anything.</summary>
static class Machine
{
    /// <summary>The averages over 1, 5 and 15 minutes; empty where there is no /proc.</summary>
    public static string Load() => File.Exists("/proc/loadavg")
        ? string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ')[..3]) : "unknown";

    public static async Task<string> DescribeAsync(bool withServers)
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30);
        List<string> parts =
        [
            $"{Environment.ProcessorCount} cores ({Processor()})",
            string.Create(CultureInfo.InvariantCulture, $"{memory:0} GiB"),
            RuntimeInformation.OSDescription,
            RuntimeInformation.FrameworkDescription,
            $"DuckDB {DuckDbVersion()}",
        ];
        if (withServers)
            parts.AddRange($"PostgreSQL {await PostgresAsync()}", $"Azurite {Azurite()}");
        return string.Join(", ", parts);
    }

    static string Processor() => !File.Exists("/proc/cpuinfo")
        ? RuntimeInformation.ProcessArchitecture.ToString()
        : File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))
            ?.Split(':')[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();

    static string DuckDbVersion()
    {
        using var duckDb = new DuckDBConnection("DataSource=:memory:");
        duckDb.Open();
        return duckDb.ServerVersion;
    }

    static async Task<string> PostgresAsync()
    {
        try
        {
            return (await Programs.RunAsync("psql", "--version")).Output.Trim().Split(' ')[2];
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or IndexOutOfRangeException)
        {
            return "of unknown version";
        }
    }

    static string Azurite()
    {
        var package = Path.Combine(
            SharedFolders.Repository, "tests", "node_modules", "azurite", "package.json");
        using var read = JsonDocument.Parse(File.ReadAllText(package));
        return read.RootElement.GetProperty("version").GetString() ?? "of unknown version";
    }
}
