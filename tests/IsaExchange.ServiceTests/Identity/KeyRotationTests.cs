using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Identity;

/// <summary>An issuer changes its key without telling anybody: the new one is found, the old one forgotten.</summary>
public sealed class KeyRotationTests(TokenExchange northmere) : IClassFixture<TokenExchange>
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    async Task AskAsync(string token)
    {
        using var channel = northmere.Anonymous();
        await new AgreementService.AgreementServiceClient(channel).GetAgreementAsync(
            new GetAgreementRequest { Name = Northmere.Agreement }, TokenExchange.Bearer(token),
            cancellationToken: Stop);
    }

    async Task<string> TokenAsync() =>
        (await northmere.Provider.LoginAsync(TokenExchange.OfficerSubject)).AccessToken;

    [Fact]
    public async Task NewKeyOfTheIssuer_IsFoundAtTheFirstTokenThatNamesIt()
    {
        var old = await TokenAsync();
        await AskAsync(old);
        await northmere.Provider.RotateAsync("the-next-key");

        // The exchange asks an issuer for keys at most every ten seconds.
        await Task.Delay(TimeSpan.FromSeconds(11), Stop);
        await AskAsync(await TokenAsync());
        await Problem.IsAsync("Unauthenticated UNAUTHENTICATED", () => AskAsync(old));
    }
}
