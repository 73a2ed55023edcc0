using System.Data.Common;
using System.Security.Cryptography;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.ServiceTests.Catalogue;
using IsaExchange.ServiceTests.Faults;
using IsaExchange.ServiceTests.Harness;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Xunit;

namespace IsaExchange.ServiceTests.Operations;

/// <summary>
/// A sender creates, uploads and submits while the way to the server breaks at one message after the other, before the
/// server hears of it, while it does, and after it has answered. Whatever a call says then, asked again it ends, and
/// the submission has happened once.
/// </summary>
[Collection(StoppedExchangeTests.Name)]
public sealed class InterruptedJourneyTests(StoppedExchange stopped, ITestOutputHelper output)
{
    static readonly bool IsFull = Environment.GetEnvironmentVariable("ISAX_FULL") == "1";

    readonly int _seed = Strike.Seed();
    int _told;
    int _refused;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(SkipUnless = nameof(SetUp.IsServers), SkipType = typeof(SetUp), Skip = SetUp.ServersOnly)]
    public async Task WayToTheServerBrokenAtEveryMessage_TheSubmissionHappensOnce()
    {
        var settings = stopped.Exchange.Servers.Postgres;
        await using var cutter = new CommitCutter(stopped.Exchange.Servers.Parts.Cluster.Port);
        var way = new NpgsqlConnectionStringBuilder(settings.Server) { Port = cutter.Port };
        await using var plain = new JourneyReplica(stopped.Exchange);
        await using var replica = new JourneyReplica(
            stopped.Exchange, settings with { Server = way.ConnectionString }, isIntegrating: false);

        // Twice in peace: the first one also opens the connections and reads the agreement.
        await TellAsync(replica, plain);
        cutter.Arm(default, at: -1);
        await TellAsync(replica, plain);
        var messages = cutter.Messages;

        var (random, time) = (new Random(_seed), CampaignTime.Begin());
        var step = IsFull ? 1 : Math.Max(1, messages / 12);
        var cuts = 0;
        for (var at = 1 + random.Next(step); at <= messages && !time.IsOver; at += step)
        {
            foreach (var cut in Enum.GetValues<Cut>().Where(c => IsFull || (int)c == at % 3))
            {
                var before = cutter.Cuts;
                cutter.Arm(cut, at);
                try
                {
                    await TellAsync(replica, plain);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    throw new InvalidOperationException($"ISAX_SEED={_seed}, message {at}, {cut}: {e.Message}", e);
                }

                cuts += cutter.Cuts - before;
            }
        }

        Assert.True(cuts > 0);
        output.WriteLine(
            $"seed {_seed}: {messages} messages from create to receipt, {cuts} cuts, {_refused} calls asked again,"
            + " 0 doubled, 0 lost, 0 by half");
        await stopped.SoundAsync();
    }

    /// <summary>One submission from its creation to its receipt, and what the catalogue says of it then.</summary>
    async Task TellAsync(JourneyReplica replica, JourneyReplica plain)
    {
        var slot = StoppedExchange.SlotOf(200 + (_told++ % 100));
        var (creating, submitting) = (Guid.NewGuid().ToString("D"), Guid.NewGuid().ToString("D"));
        var content = slot.Table(3_000);
        var standing = await StandingAsync(plain, slot);
        var row = await PatientAsync(() => replica.CreateAsync(slot, creating, standing));
        await PatientAsync(() => replica.UploadAsync(row, content));
        var submitted = await PatientAsync(() => replica.SubmitAsync(row, submitting));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), submitted.ContentSha256);
        await CheckOnceAsync(plain, submitted, [creating, submitting]);
    }

    static Task<SubmissionRow?> StandingAsync(JourneyReplica plain, Slot slot)
    {
        var start = $"{slot.Month.StartDate.Year:D4}-{slot.Month.StartDate.Month:D2}-01";
        return plain.Catalogue.ReadAsync(
            db => db.Submissions.SingleOrDefaultAsync(
                s => s.PeriodStart == start && s.Areas == slot.Area && s.State == SubmissionState.Submitted, Stop),
            Stop);
    }

    static async Task CheckOnceAsync(JourneyReplica plain, SubmissionRow submitted, string[] requests)
    {
        var (row, events, answers) = await plain.Catalogue.ReadAsync(
            async db => (
                await db.Submissions.SingleAsync(s => s.Id == submitted.Id, Stop),
                await db.Events.Where(e => e.Json!.Contains(submitted.Id) && !e.Json.Contains("REPEATED")
                    && e.Json.Contains("\"allow\"")).Select(e => new { e.Id, e.Json }).ToListAsync(Stop),
                await db.AnsweredRequests.Where(r => requests.Contains(r.RequestId)).ToListAsync(Stop)),
            Stop);
        Assert.Equal(SubmissionState.Submitted, row.State);
        foreach (var action in (string[])["submit.create", "submit.ready", "submit.submit"])
            Assert.Single(events, e => e.Json!.Contains($"\"{action}\"", StringComparison.Ordinal));
        Assert.Equal(
            row.SubmitEvent, events.Single(e => e.Json!.Contains("\"submit.submit\"", StringComparison.Ordinal)).Id);
        Assert.Equal([row.Name, row.Name], answers.Select(a => a.Resource));
    }

    /// <summary>As senders do: what may work later is asked again, under the same request id.</summary>
    async Task<T> PatientAsync<T>(Func<Task<T>> call)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return await call();
            }
            catch (Exception e) when (tries < 60 && e is DbException
                or ExchangeException { Kind: ProblemKind.Unavailable or ProblemKind.Aborted })
            {
                Interlocked.Increment(ref _refused);
                await Task.Delay(100, Stop);
            }
        }
    }
}
