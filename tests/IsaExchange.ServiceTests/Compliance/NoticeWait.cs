using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using State = IsaExchange.V1.Notice.Types.State;

namespace IsaExchange.ServiceTests.Compliance;

/// <summary>Waits for what the delivery does every other second.</summary>
sealed class NoticeWait
{
    public Task<Notice> SentAsync(
        ComplianceService.ComplianceServiceClient steward, string name, CancellationToken ct) =>
        UntilAsync(steward, name, n => n.State == State.Sent, ct);

    public async Task<Notice> UntilAsync(
        ComplianceService.ComplianceServiceClient steward, string name, Predicate<Notice> isReached,
        CancellationToken ct)
    {
        Notice? last = null;
        for (var tries = 0; tries < 300; tries++)
        {
            var listed = await steward.ListNoticesAsync(
                new ListNoticesRequest { Parent = Northmere.Agreement, PageSize = 1000 }, cancellationToken: ct);
            last = listed.Notices.Single(n => n.Name == name);
            if (isReached(last))
                return last;
            await Task.Delay(200, ct);
        }

        throw new TimeoutException($"The notice did not get there within a minute: {last}");
    }
}
