using Google.Protobuf;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Agreements;

/// <summary>An agreement that the operator has made a folder for, and nobody has proposed yet.</summary>
public sealed class FirstRevisionTests : IAsyncLifetime
{
    readonly DirectoryInfo _policies = Directory.CreateTempSubdirectory("isax-policies-");
    TestExchange? _exchange;
    string _text = "";

    public async ValueTask InitializeAsync()
    {
        Copy("");
        _exchange = await TestExchange.StartAsync(_policies.FullName);
        await _exchange.StopAsync();
        Copy("-county");
        var file = Path.Combine(_policies.FullName, "northmere-county", "agreement.yaml");
        _text = (await File.ReadAllTextAsync(file)).Replace(
            "agreement: northmere\n", "agreement: northmere-county\n", StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, _text);
        await _exchange.ServeAsync();
    }

    void Copy(string suffix)
    {
        foreach (var file in Directory.EnumerateFiles(NorthmerePolicies.Folder, "*", SearchOption.AllDirectories))
        {
            var path = Path.GetRelativePath(NorthmerePolicies.Folder, file);
            var isPartnership = path.StartsWith("northmere" + Path.DirectorySeparatorChar, StringComparison.Ordinal);
            if (suffix.Length > 0 && !isPartnership)
                continue;
            var target = Path.Combine(
                _policies.FullName, isPartnership ? "northmere" + suffix + path["northmere".Length..] : path);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_exchange is not null)
            await _exchange.DisposeAsync();
        _policies.Delete(recursive: true);
    }

    async Task<ProposeRevisionResponse> ProposeAsync(string who, string text) =>
        await new AgreementService.AgreementServiceClient(_exchange!.As(who)).ProposeRevisionAsync(
            new ProposeRevisionRequest
            {
                Agreement = "agreements/northmere-county", Source = ByteString.CopyFromUtf8(text),
            },
            cancellationToken: TestContext.Current.CancellationToken);

    [Fact]
    public async Task TextThatNamesItsProposerSteward_IsRefused()
    {
        var own = _text.Replace(
            "{ party: northmere-county-council, person: tom-ellery }",
            "{ party: northmere-police, person: lewis-grant }", StringComparison.Ordinal);
        Assert.NotEqual(_text, own);
        await Problem.IsAsync(
            "PermissionDenied ROLE_NOT_PERMITTED", () => ProposeAsync(Northmere.PoliceAnalyst, own));
        var proposed = await ProposeAsync(Northmere.Steward, _text);
        Assert.Empty(proposed.Faults);
    }
}
