using System.Text.Json;
using System.Text.RegularExpressions;
using IsaExchange.ServiceTests.Harness;
using Xunit;

namespace IsaExchange.ServiceTests.Identity;

/// <summary>Keys and logins by isax, as people and operators use it.</summary>
[Collection(TokensTogether.Name)]
public sealed partial class CredentialVerbTests(TokenExchange northmere) : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("isax-credential-").FullName;

    TestExchange Exchange => northmere.Exchange;

    string At(params string[] parts) => Path.Combine([_folder, .. parts]);

    static Task<Ran> IsaxAsAsync(string folder, params string[] arguments) =>
        Programs.RunIsaxAsync([.. arguments, "--as", folder]);

    static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
    }

    /// <summary>From a new key to a folder that works.</summary>
    async Task<string> EnrolledAsync(string name)
    {
        var (own, given) = (At(name), At(name + "-from-officer"));
        var requested = await Programs.RunIsaxAsync(
            "credential", "request", "--holder", SigningRequests.PoliceDeputy, "--out", own);
        Assert.Equal(0, requested.ExitCode);
        Assert.Equal(Path.Combine(own, "request.pem"), requested.LastLine);
        var enrolled = await Exchange.IsaxAsync(
            Northmere.PoliceOfficer, "credential", "enrol", Path.Combine(own, "request.pem"), "--holder",
            SigningRequests.PoliceDeputy, "--out", given);
        Assert.True(enrolled.ExitCode == 0, enrolled.ToString());
        Assert.False(File.Exists(Path.Combine(given, "key.pem")));
        Copy(given, own);
        return own;
    }

    [Fact]
    public async Task KeyMadeHereApprovedThere_WorksRenewsAndEnds()
    {
        var folder = await EnrolledAsync("deputy");
        if (!OperatingSystem.IsWindows())
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder, "key.pem")));
        Assert.Equal(0, (await IsaxAsAsync(folder, "due")).ExitCode);

        var renewed = await IsaxAsAsync(folder, "credential", "renew", "-o", "json");
        Assert.True(renewed.ExitCode == 0, renewed.ToString());
        Assert.True(File.Exists(Path.Combine(folder, "credential.pem")));
        Assert.True(File.Exists(Path.Combine(folder, "credential.previous.pem")));
        Assert.False(File.Exists(Path.Combine(folder, "renewal.pem")));
        Assert.Equal(0, (await IsaxAsAsync(folder, "due")).ExitCode);

        var name = JsonDocument.Parse(renewed.Output).RootElement.GetProperty("name").GetString()!;
        var revoked = await Exchange.IsaxAsync(
            Northmere.PoliceOfficer, "credential", "revoke", name.Split('/')[^1], "left the force");
        Assert.True(revoked.ExitCode == 0, revoked.ToString());
        Assert.Equal(4, (await IsaxAsAsync(folder, "due")).ExitCode);
        var listed = await Exchange.IsaxAsync(Northmere.PoliceOfficer, "credential", "list", "-o", "csv");
        Assert.Contains("left the force", listed.Output, StringComparison.Ordinal);
        Assert.Contains("REVOKED", listed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RenewalWhoseAnswerWasLost_GoesOnWithTheKeyItHadBegunWith()
    {
        var folder = await EnrolledAsync("interrupted");

        // In the way of the new credential: the exchange has renewed by the time it is found out.
        var obstacle = Directory.CreateDirectory(Path.Combine(folder, "credential.pem.new"));
        Assert.Equal(1, (await IsaxAsAsync(folder, "credential", "renew")).ExitCode);
        Assert.True(File.Exists(Path.Combine(folder, "renewal.pem")));
        obstacle.Delete();
        var again = await IsaxAsAsync(folder, "credential", "renew");
        Assert.True(again.ExitCode == 0, again.ToString());
        Assert.Equal(0, (await IsaxAsAsync(folder, "due")).ExitCode);
        Assert.False(File.Exists(Path.Combine(folder, "renewal.pem")));
    }

    [Fact]
    public async Task EverythingLost_TheOperatorEnrolsOnTheHome()
    {
        var own = At("lost");
        await Programs.RunIsaxAsync("credential", "request", "--holder", SigningRequests.PoliceDeputy, "--out", own);
        var enrolled = await Programs.RunIsaxAsync(
            "credential", "enrol", Path.Combine(own, "request.pem"), "--home", Exchange.Home, "--party",
            "northmere-police", "--holder", SigningRequests.PoliceDeputy, "--out", At("operator"));
        Assert.True(enrolled.ExitCode == 0, enrolled.ToString());
        Copy(At("operator"), own);
        foreach (var file in (string[])["ca.pem", "log.vkey", "profile.json"])
            File.Copy(Path.Combine(Exchange.Credential(Northmere.PoliceDeputy), file), Path.Combine(own, file));
        Assert.Equal(0, (await IsaxAsAsync(own, "due")).ExitCode);
    }

    [Fact]
    public async Task LoginByDevice_CallsByToken()
    {
        var token = At("token");
        using var login = Programs.Start(
            "dotnet", Programs.Isax, "login", "--issuer", northmere.Provider.Issuer, "--client", OidcProvider.Client,
            "--scope", "openid isa", "--login-hint", TokenExchange.OfficerSubject, "--issuer-ca",
            northmere.Provider.AuthorityPem, "--token-file", token);
        var asked = await login.StandardError.ReadLineAsync(TestContext.Current.CancellationToken);
        await northmere.Provider.EnterAsync(UserCode().Match(asked ?? "").Groups[1].Value);
        var said = await login.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await login.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, login.ExitCode);
        Assert.Contains(TokenExchange.OfficerSubject, said, StringComparison.Ordinal);
        Assert.DoesNotContain("eyJ", said, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(token));

        // A folder without a key: whom to call, and nothing to prove anything with.
        var folder = Directory.CreateDirectory(At("by-token")).FullName;
        foreach (var file in (string[])["ca.pem", "log.vkey", "profile.json"])
            File.Copy(Path.Combine(Exchange.Credential(Northmere.PoliceOfficer), file), Path.Combine(folder, file));
        Assert.Equal(0, (await IsaxAsAsync(folder, "due", "--token-file", token)).ExitCode);
        Assert.Equal(2, (await IsaxAsAsync(folder, "due")).ExitCode);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(token, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.Equal(2, (await IsaxAsAsync(folder, "due", "--token-file", token)).ExitCode);
    }

    [GeneratedRegex("enter ([A-Z-]+)")]
    private static partial Regex UserCode();

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
