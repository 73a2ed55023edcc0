using System.Buffers.Text;
using System.CommandLine;
using System.Text.Json;
using IsaExchange.Cli.Rendering;
using IsaExchange.Cli.Wire;

namespace IsaExchange.Cli.Commands;

/// <summary>isax login: a person proves themselves at their own identity provider, in a browser.</summary>
static class Login
{
    public static Command Create(GlobalOptions globals)
    {
        var issuer = new Option<string>("--issuer")
        {
            Description = "Address of the identity provider.", HelpName = "https://...", Required = true,
        };
        var client = new Option<string>("--client")
        {
            Description = "Id under which the provider knows isax.", HelpName = "ID", Required = true,
        };
        var scope = new Option<string>("--scope")
        {
            Description = "What the token is to be for, as the provider names it.",
            HelpName = "WORDS",
            DefaultValueFactory = _ => "openid",
        };
        var hint = new Option<string?>("--login-hint") { Description = "Account to log in as.", HelpName = "ACCOUNT" };
        var authority = new Option<FileInfo?>("--issuer-ca")
        {
            Description = "PEM file of the authority of the provider's certificate. Default: the machine's.",
            HelpName = "FILE",
        };
        var command = new Command("login",
            "Log in at an identity provider with a browser; the token goes into --token-file.")
        {
            issuer, client, scope, hint, authority,
        }.WithExample("isax login --issuer https://login.example --client isax --token-file token");
        globals.Handle(command, async (parse, run) =>
        {
            var target = run.TokenFile ?? throw new VerbException(
                ExitCode.Usage, "where shall the token go?", "pass --token-file FILE");
            if (!Uri.TryCreate(parse.GetRequiredValue(issuer), UriKind.Absolute, out var address)
                || address.Scheme != Uri.UriSchemeHttps)
                throw new VerbException(ExitCode.Usage, "the issuer must be an https address");
            using var login = new DeviceLogin(
                address, parse.GetRequiredValue(client), parse.GetValue(authority)?.FullName, run.Clock);
            var asked = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["scope"] = parse.GetRequiredValue(scope),
            };
            if (parse.GetValue(hint) is { } account) asked["login_hint"] = account;
            var device = await login.Begin(asked, run.Stop);

            // Complained, not said: without this line nobody can log in, however quiet isax is to be.
            run.Terminal.Complain($"open {device.Address} in a browser and enter {device.UserCode}");
            var token = await login.Wait(device, run.Stop);
            PrivateFiles.Write(Path.GetFullPath(target), token + "\n");
            run.Terminal.Show(Card(token));
            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>Whom the token is of, for the liaison officer who links it. Never the token.</summary>
    static Card Card(string token)
    {
        var said = token.Split('.') is [_, var payload, _] && Base64Url.IsValid(payload)
            ? JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(payload)) : default;
        var card = new Card();
        foreach (var (claim, label) in (ReadOnlySpan<(string, string)>)
            [("iss", "issuer"), ("sub", "subject"), ("oid", "object id"), ("tid", "tenant")])
        {
            if (said.ValueKind == JsonValueKind.Object && said.TryGetProperty(claim, out var value)
                && value.ValueKind == JsonValueKind.String)
                card.Add(claim, label, value.GetString());
        }
        return card;
    }
}
