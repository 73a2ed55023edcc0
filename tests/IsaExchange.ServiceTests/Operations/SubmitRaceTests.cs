using IsaExchange.Exchange;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.ServiceTests.Faults;
using IsaExchange.ServiceTests.Harness;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IsaExchange.ServiceTests.Operations;

/// <summary>
/// Two replicas are told to submit at once: the same submission under the same request id, or two submissions of the
/// same month and area. One decision stands, and whoever lost hears which.
/// </summary>
[Collection(StoppedExchangeTests.Name)]
public sealed class SubmitRaceTests(StoppedExchange stopped, ITestOutputHelper output)
{
    const int Lanes = 4;

    static readonly int Races = Environment.GetEnvironmentVariable("ISAX_FULL") == "1" ? 2_500 : 20;

    readonly int _seed = Strike.Seed();
    readonly CampaignTime _time = CampaignTime.Begin();
    int _races;
    int _begun;
    int _asked;

    [Fact(SkipUnless = nameof(SetUp.IsServers), SkipType = typeof(SetUp), Skip = SetUp.ServersOnly)]
    public Task SameRequestAtTwoReplicas_HasOneReceipt() => RunAsync(firstSlot: 0, async (replicas, random, standing) =>
    {
        // Some with content, whose promotion is raced for too.
        var isNil = random.Next(5) > 0;
        var row = await ReadyAsync(replicas[random.Next(2)], standing, isNil);
        var request = Uploads.NewRequestId(random);
        var answers = await Task.WhenAll(replicas.Select(r => PatientAsync(() => r.SubmitAsync(row, request))));
        Assert.Single(answers.Select(a => (a.Row!.SubmitEvent, a.Row.ReceiptNote)).Distinct());
        return answers[0].Row!;
    });

    [Fact(SkipUnless = nameof(SetUp.IsServers), SkipType = typeof(SetUp), Skip = SetUp.ServersOnly)]
    public Task TwoSubmissionsOfTheSame_OneStands() => RunAsync(firstSlot: Lanes, async (replicas, random, standing) =>
    {
        var isNil = random.Next(5) > 0;
        var rows = new List<SubmissionRow>();
        foreach (var replica in replicas)
            rows.Add(await ReadyAsync(replica, standing, isNil));
        var answers = await Task.WhenAll(replicas.Select(
            (r, i) => PatientAsync(() => r.SubmitAsync(rows[i], Uploads.NewRequestId(random)))));
        var lost = Assert.Single(answers, a => a.Row is null);
        Assert.Contains(lost.Refused!.Reason, (string[])["ALREADY_SUBMITTED", "NOT_SUPERSEDABLE"]);
        return answers.Single(a => a.Row is not null).Row!;
    });

    async Task RunAsync(int firstSlot, Func<JourneyReplica[], Random, Standing, Task<SubmissionRow>> race)
    {
        await using var one = new JourneyReplica(stopped.Exchange);
        await using var other = new JourneyReplica(stopped.Exchange);
        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(async lane =>
        {
            await Task.Yield();
            var random = new Random(_seed + lane);
            var standing = new Standing(StoppedExchange.SlotOf(firstSlot + lane));
            while (Interlocked.Increment(ref _begun) <= Races && !_time.IsOver)
            {
                standing.Row = await race([one, other], random, standing);
                Interlocked.Increment(ref _races);
            }
        }));
        output.WriteLine(
            $"seed {_seed}: {_races} races, {_races} single winners; {_asked} calls asked again after a conflict");
        await CheckAsync(one.Catalogue, firstSlot);
    }

    /// <summary>One stands in each slot, and the log says of every submission once that it was submitted.</summary>
    async Task CheckAsync(ICatalogue catalogue, int firstSlot)
    {
        var areas = Enumerable.Range(firstSlot, Lanes).Select(n => StoppedExchange.SlotOf(n)).ToList();
        var starts = areas.Select(s => $"{s.Month.StartDate.Year:D4}-{s.Month.StartDate.Month:D2}-01").Distinct();
        var (rows, events) = await catalogue.ReadAsync(
            async db => (
                await db.Submissions.Where(s => starts.Contains(s.PeriodStart) && s.SubmitEvent != null).ToListAsync(),
                await db.Events.Where(e => e.Json!.Contains("submit.submit") && !e.Json.Contains("REPEATED")
                    && e.Json.Contains("\"allow\"")).Select(e => e.Id).ToListAsync()),
            TestContext.Current.CancellationToken);
        Assert.Equal(_races, rows.Count);
        Assert.Equal(Lanes, rows.Count(r => r.State == SubmissionState.Submitted));
        Assert.Equal(_races - Lanes, rows.Count(r => r.State == SubmissionState.Superseded));
        Assert.Equal(_races, rows.Select(r => r.SubmitEvent!).Intersect(events).Count());
    }

    static async Task<SubmissionRow> ReadyAsync(JourneyReplica replica, Standing standing, bool isNil)
    {
        var row = await replica.CreateAsync(standing.Slot, supersedes: standing.Row, isNil: isNil);
        return isNil ? row : await replica.UploadAsync(row, standing.Slot.Table());
    }

    /// <summary>As senders do: told that others were at the same, they ask again with the same request.</summary>
    async Task<(SubmissionRow? Row, ExchangeException? Refused)> PatientAsync(Func<Task<SubmissionRow>> call)
    {
        while (true)
        {
            try
            {
                return (await call(), null);
            }
            catch (ExchangeException e) when (e.Kind == ProblemKind.Aborted)
            {
                Interlocked.Increment(ref _asked);
            }
            catch (ExchangeException e)
            {
                return (null, e);
            }
        }
    }

    sealed class Standing(Slot slot)
    {
        public Slot Slot => slot;

        /// <summary>What the next one corrects.</summary>
        public SubmissionRow? Row { get; set; }
    }
}
