using Google.Protobuf;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Agreements;

/// <summary>An exchange whose sample agreement nobody has signed yet.</summary>
public class DraftExchange : IAsyncLifetime
{
    public const string Steward = Northmere.Steward;

    TestExchange? _exchange;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public TestExchange Exchange =>
        _exchange ?? throw new InvalidOperationException("The exchange has not been started.");

    public CatalogueView Catalogue => Exchange.Catalogue;

    public static string Yaml { get; } =
        File.ReadAllText(Path.Combine(NorthmerePolicies.Folder, "northmere", "agreement.yaml"));

    public async ValueTask InitializeAsync() =>
        _exchange = await TestExchange.StartAsync(NorthmerePolicies.Folder, signing: false);

    public AgreementService.AgreementServiceClient As(string who) => new(Exchange.As(who));

    public DirectoryService.DirectoryServiceClient DirectoryAs(string who) => new(Exchange.As(who));

    public WireSender Police =>
        new(new SubmissionService.SubmissionServiceClient(Exchange.As(Northmere.PoliceSender)), Northmere.Street);

    public async Task<Agreement> GetAsync(string? name = null) => await As(Steward).GetAgreementAsync(
        new GetAgreementRequest { Name = name ?? Northmere.Agreement }, cancellationToken: Stop);

    /// <summary>Signs for the first so many parties, by name, that have not signed.</summary>
    public async Task SignAsync(Agreement revision, int count)
    {
        var missing = revision.Missing.Select(m => m.Party).Distinct().Order(StringComparer.Ordinal);
        foreach (var party in missing.Take(count))
            await Signer.Of(Exchange, revision, party).SignAsync(Stop);
    }

    public async Task<Agreement> ActivateAsync(Agreement revision) => await As(Steward).ActivateRevisionAsync(
        new ActivateRevisionRequest { Name = revision.Name }, cancellationToken: Stop);

    public async Task<ProposeRevisionResponse> ProposeAsync(string yaml, string who = Steward) =>
        await As(who).ProposeRevisionAsync(
            new ProposeRevisionRequest { Agreement = Northmere.Agreement, Source = ByteString.CopyFromUtf8(yaml) },
            cancellationToken: Stop);

    /// <summary>A new revision, open for signing.</summary>
    public async Task<Agreement> ProposedAsync(string yaml)
    {
        var proposed = await ProposeAsync(yaml);
        Assert.Empty(proposed.Faults);
        await As(Steward).OpenSigningAsync(
            new OpenSigningRequest { Name = proposed.Revision.Name }, cancellationToken: Stop);
        return await GetAsync(proposed.Revision.Name);
    }

    public async ValueTask DisposeAsync()
    {
        if (_exchange is not null)
            await _exchange.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
