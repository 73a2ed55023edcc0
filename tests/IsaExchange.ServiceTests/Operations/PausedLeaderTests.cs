using System.Globalization;
using Grpc.Core;
using IsaExchange.ServiceTests.Faults;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Npgsql;
using Xunit;

namespace IsaExchange.ServiceTests.Operations;

/// <summary>
/// The process that gives events their place in the log is stopped, loses its lock without its knowing, another process
/// takes over, and the first one goes on in the middle of whatever it did: one log, whose every head extends the last.
/// </summary>
[Collection(ReplicaPairTests.Name)]
public sealed class PausedLeaderTests(ReplicaPair pair, ITestOutputHelper output)
{
    static readonly int Pauses = Environment.GetEnvironmentVariable("ISAX_FULL") == "1" ? 100 : 3;
    static readonly TimeSpan TakeOverMax = TimeSpan.FromSeconds(60);

    readonly int _seed = Strike.Seed();
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(SkipUnless = nameof(SetUp.IsServers), SkipType = typeof(SetUp), Skip = SetUp.ServersOnly)]
    public async Task LeaderStoppedWhileAnotherTakesOver_TheLogNeverForks()
    {
        var (random, log, time) = (new Random(_seed), new LogWatch(pair.One), CampaignTime.Begin());
        var round = 0;
        for (; round < Pauses && !time.IsOver; round++)
        {
            var leader = await LeaderAsync();
            var follower = leader == pair.One ? pair.Other : pair.One;
            var load = Task.WhenAll(Enumerable.Range(0, 6).Select(
                n => TryCreateAsync(n % 2 == 0 ? leader : follower)));
            await Task.Delay(random.Next(60), Stop);
            await SignalAsync(leader, "-STOP");
            try
            {
                await LoseLockAsync();
                await CreateAsync(follower);
                await TakesOverAsync();
            }
            finally
            {
                await SignalAsync(leader, "-CONT");
            }

            await Task.WhenAll(load, TryCreateAsync(leader)).ContinueWith(
                ended => Assert.True(
                    ended.IsCompletedSuccessfully, $"ISAX_SEED={_seed}: {ended.Exception}\n{leader.Incidents}"),
                Stop, TaskContinuationOptions.None, TaskScheduler.Default);
            await log.CheckAsync([], Stop);
        }

        output.WriteLine(
            $"seed {_seed}: {round} leaders stopped and continued, {log.Size} events in one log, 0 forks");
        await pair.SoundAsync();
    }

    static async Task CreateAsync(TestExchange exchange) => await new WireSender(
        new SubmissionService.SubmissionServiceClient(exchange.As(Northmere.PoliceSender)), Northmere.Street)
        .CreateAsync(StoppedExchange.SlotOf(299));

    /// <summary>Who does not answer for so long may break the link; what it answers must never be INTERNAL.</summary>
    static async Task TryCreateAsync(TestExchange exchange)
    {
        try
        {
            await CreateAsync(exchange);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable)
        {
            // Nothing was said, or to come again.
        }
    }

    /// <summary>Every event of now has its place, though the leader of before is stopped.</summary>
    async Task TakesOverAsync()
    {
        var (wanted, clock) = (pair.One.Catalogue.Events(), System.Diagnostics.Stopwatch.StartNew());
        while (pair.One.Catalogue.Scalar("select Size from TreeStates") < wanted)
        {
            Assert.True(clock.Elapsed < TakeOverMax, $"ISAX_SEED={_seed}: nobody takes over.");
            await Task.Delay(50, Stop);
        }
    }

    /// <summary>What the server does by itself to a session of which it hears nothing for half a minute.</summary>
    Task<long?> LoseLockAsync() => AskAsync(
        """
        SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity
        WHERE application_name = 'isaexchange lead' AND datname = current_database()
        """);

    /// <summary>The process at whose end of the connection the lock is.</summary>
    async Task<TestExchange> LeaderAsync()
    {
        const string Port =
            """
            SELECT client_port FROM pg_stat_activity a JOIN pg_locks l ON l.pid = a.pid
            WHERE l.locktype = 'advisory' AND l.granted AND a.application_name = 'isaexchange lead'
                AND a.datname = current_database()
            """;
        for (var tries = 0; tries < 300; tries++)
        {
            if (await AskAsync(Port) is { } port)
            {
                foreach (var exchange in new[] { pair.One, pair.Other })
                {
                    if (IsAt(exchange.ProcessId, (int)port))
                        return exchange;
                }
            }

            await CreateAsync(pair.One);
            await Task.Delay(100, Stop);
        }

        throw new InvalidOperationException("Nobody leads.");
    }

    static bool IsAt(int process, int port)
    {
        var place = ":" + port.ToString("X4", CultureInfo.InvariantCulture);
        var sockets = File.ReadLines($"/proc/{process}/net/tcp").Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields[1].EndsWith(place, StringComparison.Ordinal))
            .Select(fields => $"socket:[{fields[9]}]").ToHashSet(StringComparer.Ordinal);
        return new DirectoryInfo($"/proc/{process}/fd").EnumerateFileSystemInfos()
            .Any(fd => fd.LinkTarget is { } target && sockets.Contains(target));
    }

    async Task<long?> AskAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(pair.One.Servers.SuperuserConnection);
        await connection.OpenAsync(Stop);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Stop) is { } found and not DBNull
            ? Convert.ToInt64(found, CultureInfo.InvariantCulture) : null;
    }

    static async Task SignalAsync(TestExchange exchange, string signal) =>
        await Programs.RunAsync("kill", signal, $"{exchange.ProcessId}");
}
