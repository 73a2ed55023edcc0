using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Checking;
using IsaExchange.Tests.Exchange.KeyLife;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IsaExchange.Tests.Exchange.Checking;

/// <summary>What the log says was done is followed to its row, or counted as what cannot be.</summary>
public sealed class LoggedRowsCheckTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EventsWhoseTextIsErased_AreCountedAndNoFaults()
    {
        await using var stage = await KeyStage.AtAsync("2026-08-01T09:00:00Z", Ct);
        for (var n = 0; n < 3; n++)
            await stage.Trail.RecordAsync(new AuditEvent(AuditActions.CreateSubmission, $"gone/{n}"), Ct);
        var before = await CheckAsync(stage);
        Assert.Equal((3, 0L, 3L), (before.Acts, before.Blanked, before.Faults));
        await stage.Catalogue.WriteAsync(
            async db =>
            {
                foreach (var blank in await db.Events.OrderBy(e => e.Sequence).Take(2).ToListAsync(Ct))
                    (blank.Json, blank.Salt) = (null, null);
                return true;
            },
            Ct);

        // Two can be followed no more, and the one behind them still is.
        var after = await CheckAsync(stage);
        Assert.Equal((1, 2L, 1L), (after.Acts, after.Blanked, after.Faults));
    }

    static async Task<FsckReport> CheckAsync(KeyStage stage)
    {
        var report = new FsckReport();
        await new LoggedRowsCheck(stage.Catalogue).RunAsync(report, Ct);
        return report;
    }
}
