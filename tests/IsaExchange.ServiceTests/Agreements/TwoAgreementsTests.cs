using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Agreements;

/// <summary>One exchange, two agreements, and people of both with one credential each.</summary>
public sealed class TwoAgreementsTests : IAsyncLifetime
{
    const string County = "agreements/northmere-county";

    readonly DirectoryInfo _policies = Directory.CreateTempSubdirectory("isax-policies-");
    TestExchange? _exchange;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        foreach (var file in Directory.EnumerateFiles(NorthmerePolicies.Folder, "*", SearchOption.AllDirectories))
        {
            var path = Path.GetRelativePath(NorthmerePolicies.Folder, file);
            Copy(file, path);
            if (path.StartsWith("northmere" + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                Copy(file, "northmere-county" + path["northmere".Length..]);
        }

        var agreement = Path.Combine(_policies.FullName, "northmere-county", "agreement.yaml");
        var text = await File.ReadAllTextAsync(agreement);
        const string Id = "agreement: northmere";
        await File.WriteAllTextAsync(
            agreement, text.Replace(Id + "\n", Id + "-county\n", StringComparison.Ordinal));
        _exchange = await TestExchange.StartAsync(_policies.FullName);
    }

    void Copy(string file, string path)
    {
        var target = Path.Combine(_policies.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Copy(file, target);
    }

    public async ValueTask DisposeAsync()
    {
        if (_exchange is not null)
            await _exchange.DisposeAsync();
        _policies.Delete(recursive: true);
    }

    [Fact]
    public async Task OneCredential_WorksInBothAndOneSuspendedLeavesTheOtherAlone()
    {
        var officer = new AgreementService.AgreementServiceClient(_exchange!.As(Northmere.PoliceOfficer));
        var mine = await officer.ListAgreementsAsync(new ListAgreementsRequest(), cancellationToken: Stop);
        Assert.Equal(
            [Northmere.Agreement, County], mine.Agreements.Select(a => a.Name.Split('@')[0]));
        var steward = new AgreementService.AgreementServiceClient(_exchange!.As(Northmere.Steward));
        await steward.SuspendAgreementAsync(
            new SuspendAgreementRequest { Name = County, Reason = "a trial" }, cancellationToken: Stop);
        var feeds = new FeedService.FeedServiceClient(_exchange!.As(Northmere.CouncilAnalyst));
        await feeds.ListFeedsAsync(new ListFeedsRequest { Parent = Northmere.Agreement }, cancellationToken: Stop);
        await Problem.IsAsync("PermissionDenied AGREEMENT_SUSPENDED",
            async () => await feeds.ListFeedsAsync(new ListFeedsRequest { Parent = County }));
        var due = await _exchange.IsaxAsync(
            Northmere.PoliceOfficer, "agreement", "status", "--agreement", "northmere-county", "-o", "json");
        Assert.True(due.ExitCode == 0, due.ToString());
        Assert.Contains("SUSPENDED", due.Output, StringComparison.Ordinal);
    }
}
