using IsaExchange.TransparencyLog;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Harness;

/// <summary>One exchange that serves the repository's own sample agreement, for all tests of a class.</summary>
public class NorthmereExchange : IAsyncLifetime
{
    TestExchange? _exchange;
    int _slots;

    public TestExchange Exchange =>
        _exchange ?? throw new InvalidOperationException("The exchange has not been started.");

    public CatalogueView Catalogue => Exchange.Catalogue;

    /// <summary>The log's public key, as every credential folder holds it.</summary>
    public NoteVerifier LogKey => NoteVerifier.Parse(
        File.ReadAllText(Path.Combine(Exchange.Credential(Northmere.PoliceOfficer), "log.vkey")).Trim());

    public virtual async ValueTask InitializeAsync()
    {
        _exchange = await TestExchange.StartAsync(Policies);
    }

    /// <summary>Folder of the agreements served.</summary>
    protected virtual string Policies => NorthmerePolicies.Folder;

    public SubmissionService.SubmissionServiceClient Submissions(string who) => new(Exchange.As(who));

    public FeedService.FeedServiceClient Feeds(string who) => new(Exchange.As(who));

    public AuditService.AuditServiceClient Audit(string who) => new(Exchange.As(who));

    public ComplianceService.ComplianceServiceClient Compliance(string who) => new(Exchange.As(who));

    public RequestService.RequestServiceClient Requests(string who) => new(Exchange.As(who));

    public AgreementService.AgreementServiceClient Agreements(string who) => new(Exchange.As(who));

    public WireSender Police => new(Submissions(Northmere.PoliceSender), Northmere.Street);

    /// <summary>The submitted one, as soon as its receipt's event has its place in the log.</summary>
    public async Task<Submission> IntegratedAsync(string name)
    {
        for (var tries = 0; tries < 300; tries++)
        {
            var submission = await Submissions(Northmere.PoliceSender).GetSubmissionAsync(
                new GetSubmissionRequest { Name = name });
            if (submission.Receipt is { LeafIndex: >= 0 })
                return submission;
            await Task.Delay(100);
        }

        throw new TimeoutException("The event of a receipt was not integrated within half a minute.");
    }

    /// <summary>A month and area of street-level records that no other test of this exchange submits for.</summary>
    public Slot NextSlot()
    {
        var slot = Interlocked.Increment(ref _slots) - 1;
        var month = Northmere.Months(new DateOnly(2024, 5, 1).AddMonths(slot / Northmere.Areas.Count), 1);
        return slot < 24
            ? new Slot(month, Northmere.Areas[slot % Northmere.Areas.Count])
            : throw new InvalidOperationException("No month is left: give some tests an exchange of their own.");
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (_exchange is not null)
            await _exchange.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

/// <summary>A month and an area, and a table that fits them.</summary>
public sealed record Slot(Period Month, string Area)
{
    /// <summary>Never submitted by any test: for uploads whose verdict does not matter.</summary>
    public static Slot Unused { get; } = new(Northmere.Month(2024, 4), "X22000001");

    public byte[] Table(int records = 3) => Northmere.StreetTable(Month, Northmere.SmallArea(Area), records);

    /// <summary>A table that needs an explanation: its records lie in another partnership's area.</summary>
    public byte[] TableOutside(int records = 3) => Northmere.StreetTable(
        Month, Northmere.SmallArea(Northmere.Areas.First(a => a != Area)), records);
}
