using System.Diagnostics;
using DuckDB.NET.Data;

namespace IsaExchange.Benchmarks;

/// <summary>The file read with declared types, grouped by area, type and month, and counted, by two threads.</summary>
static class DuckDbPass
{
    /// <param name="records">That many must have been counted.</param>
    public static TimeSpan Time(string file, long records)
    {
        var started = Stopwatch.GetTimestamp();
        using var duckDb = new DuckDBConnection("DataSource=:memory:");
        duckDb.Open();
        using var command = duckDb.CreateCommand();
        command.CommandText =
            $$"""
            set threads = 2;
            select sum(n)::bigint from (
              select lsoa, crime_type, event_month, count(*) as n
              from read_csv('{{file}}', header = true, columns = {'row_no': 'BIGINT', 'event_month': 'VARCHAR',
                'crime_type': 'VARCHAR', 'lsoa': 'VARCHAR'})
              group by all)
            """;
        var counted = (long)command.ExecuteScalar()!;
        return counted == records
            ? Stopwatch.GetElapsedTime(started)
            : throw new BenchmarkFaultException($"DuckDB counted {counted} records of {records}.");
    }
}
