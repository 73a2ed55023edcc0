using IsaExchange.Cli.Rendering;
using IsaExchange.Cli.Wire;

namespace IsaExchange.Cli;

/// <summary>One run of one verb: its terminal, its clock, and the exchange once it is asked for.</summary>
sealed class Invocation(
    Terminal terminal, TimeProvider clock, string? credentialFolder, string? server, string? tokenFile,
    CancellationToken stop)
    : IDisposable
{
    Credential? _credential;
    Connection? _exchange;

    public Terminal Terminal => terminal;

    public TimeProvider Clock => clock;

    public CancellationToken Stop => stop;

    public Credential Credential => _credential ??= LoadCredential();

    /// <summary>The authority the credential is of; null where none was given, for verbs that need none.</summary>
    public string? PartyIfKnown => Wire.Credential.IsGiven(credentialFolder) ? Credential.Profile.Party : null;

    /// <summary>Opened at first use: verbs that work offline need no credential.</summary>
    public Connection Exchange => _exchange ??= Connection.Open(Credential, server, ReadToken());

    /// <summary>Where a token is or shall be; null when the certificate is to prove who calls.</summary>
    public string? TokenFile => tokenFile;

    /// <summary>Where the exchange is, for messages; empty before anything was asked of it.</summary>
    public string ServerAddress => _exchange?.Server.ToString() ?? "";

    public void Dispose()
    {
        _exchange?.Dispose();
        _credential?.Dispose();
    }

    string? ReadToken()
    {
        if (tokenFile is null) return null;
        if (!File.Exists(tokenFile))
            throw new VerbException(ExitCode.Usage, $"there is no token in {tokenFile}", "isax login gets one");
        if (PrivateFiles.IsOpenToOthers(tokenFile))
            throw new VerbException(ExitCode.Usage, $"others on this machine can read {tokenFile}",
                "chmod 600 it, and get a new token with isax login");
        return File.ReadAllText(tokenFile).Trim();
    }

    Credential LoadCredential()
    {
        var credential = Credential.Load(credentialFolder);
        if (credential.IsOpenToOthers())
            terminal.Warn(
                $"the key in {credential.Folder} can be read by others on this machine; chmod 600 credential.pem");
        return credential;
    }
}
