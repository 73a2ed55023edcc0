namespace IsaExchange.Service.Settings;

/// <summary>
/// PostgreSQL as the catalogue, in place of the file in the home. The passwords of its roles stand in files of their
/// own.
/// </summary>
public sealed record PostgresSettings
{
    /// <summary>Host=…;Port=…;Database=…;SSL Mode=VerifyFull; no user, no password.</summary>
    public required string Server { get; init; }

    /// <summary>Role of the service: reads and writes, cannot change or remove an event.</summary>
    public string ApplicationRole { get; init; } = "isax_application";

    /// <summary>Role of whichever replica gives events their place in the log.</summary>
    public string SequencerRole { get; init; } = "isax_sequencer";

    /// <summary>Role that makes and migrates the tables; used by <c>init</c> and <c>migrate</c>, never by
    /// <c>serve</c>.</summary>
    public string OwnerRole { get; init; } = "isax_owner";

    /// <summary>Role that may look at everything and change nothing, for operators' tools.</summary>
    public string ReaderRole { get; init; } = "isax_reader";

    /// <summary>Folder with a file per role, named like it, first line the password; null where roles need
    /// none.</summary>
    public string? PasswordFolder { get; init; }

    /// <summary>Connections of one replica.</summary>
    public int Connections { get; init; } = 32;

    /// <exception cref="SettingsException">Incomplete, or a secret where none may stand.</exception>
    public void Check(string settings)
    {
        Npgsql.NpgsqlConnectionStringBuilder server;
        try
        {
            server = new Npgsql.NpgsqlConnectionStringBuilder(Server);
        }
        catch (ArgumentException)
        {
            throw new SettingsException($"{settings}: postgres.server is no connection string of PostgreSQL.");
        }

        if (string.IsNullOrEmpty(server.Host) || string.IsNullOrEmpty(server.Database))
            throw new SettingsException($"{settings}: postgres.server must name Host and Database.");
        if (server.Host.Contains(',', StringComparison.Ordinal))
            throw new SettingsException(
                $"{settings}: postgres.server names one Host, the primary's: a standby must never decide.");
        if (!string.IsNullOrEmpty(server.Password) || !string.IsNullOrEmpty(server.Username))
            throw new SettingsException(
                $"{settings}: postgres.server must hold no user and no password; name roles and a password_folder.");
        if (Connections is < 8 or > 500)
            throw new SettingsException($"{settings}: postgres.connections goes from 8 to 500.");
        if (new[] { ApplicationRole, SequencerRole, OwnerRole, ReaderRole }.Distinct(StringComparer.Ordinal).Count()
            != 4)
            throw new SettingsException(
                $"{settings}: postgres: the four roles must be different ones: each may do what the others may not.");
        var isLocal = server.Host.StartsWith('/') || server.Host is "localhost" or "127.0.0.1" or "::1";
        if (!isLocal && server.SslMode is not (Npgsql.SslMode.VerifyFull or Npgsql.SslMode.VerifyCA))
            throw new SettingsException(
                $"{settings}: postgres.server must say SSL Mode=VerifyFull: elsewhere than on this machine"
                + " others could read along, or be the server.");
        if (PasswordFolder is { } folder && !Directory.Exists(folder))
            throw new SettingsException($"{settings}: postgres.password_folder does not exist: {folder}");

        // The owner's need not be here: who runs the service need not be who changes its tables.
        foreach (var role in new[] { ApplicationRole, SequencerRole })
        {
            if (PasswordFile(role) is { } file)
                SecretFile.Check(settings, $"postgres.password_folder: {role}", file);
        }
    }

    /// <summary>Where the role's password stands; null where roles need none.</summary>
    public string? PasswordFile(string role) => PasswordFolder is { } folder ? Path.Combine(folder, role) : null;
}

/// <summary>
/// Azure Blob Storage as the object store, in place of the folder in the home. The service comes with the identity of
/// its machine (managed or workload identity): no account key, no token in any file.
/// </summary>
public sealed record BlobSettings
{
    static readonly System.Buffers.SearchValues<char> InPrefix =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789");

    static readonly System.Buffers.SearchValues<char> InContainer =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>https address of the account.</summary>
    public required string Account { get; init; }

    /// <summary>Begins the name of every container; one exchange, one prefix.</summary>
    public string ContainerPrefix { get; init; } = "isax";

    /// <summary>Client id of the identity to come with, where the machine has several; null for its own.</summary>
    public string? ClientId { get; init; }

    /// <summary>Azure resource id of the account: asked where its data lies.</summary>
    public string? ResourceId { get; init; }

    /// <summary>Regions in which data may lie, such as uksouth and ukwest; the service does not start with an account
    /// elsewhere. Empty asks nothing.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>
    /// Also put each release, open, as Parquet into the container of this name (AGREEMENT/FEED/release=NUMBER/…); null
    /// keeps them sealed. The files are plain, because engines must read them: whoever has a right to read this
    /// container can, whatever the agreement says, and only the log of the storage account knows that they did.
    /// </summary>
    public string? ReleasesContainer { get; init; }

    /// <exception cref="SettingsException">Incomplete, or in the clear.</exception>
    public void Check(string settings)
    {
        if (!Uri.TryCreate(Account, UriKind.Absolute, out var account) || account.Scheme != Uri.UriSchemeHttps
            || account.Query.Length > 0)
            throw new SettingsException($"{settings}: blobs.account must be an https address without query.");
        if (ContainerPrefix.Length is < 3 or > 20 || ContainerPrefix.AsSpan().ContainsAnyExcept(InPrefix))
            throw new SettingsException(
                $"{settings}: blobs.container_prefix is 3 to 20 lower-case letters and digits.");
        var isOurs = ReleasesContainer?.StartsWith(ContainerPrefix + "-", StringComparison.Ordinal);
        if (ReleasesContainer is { } releases
            && (isOurs == true || releases.Length is < 3 or > 63 || releases.Trim('-') != releases
                || releases.AsSpan().ContainsAnyExcept(InContainer)))
            throw new SettingsException(
                $"{settings}: blobs.releases_container is 3 to 63 lower-case letters, digits and single hyphens, and"
                + " does not begin like the containers of sealed objects.");
        AzureClient.Check(settings, "blobs.client_id", ClientId);
        if (Regions.Count > 0 && ResourceId is null)
            throw new SettingsException(
                $"{settings}: blobs.regions needs blobs.resource_id: the account is asked where it is.");
    }
}

/// <summary>Which of the identities of the machine the service comes with.</summary>
static class AzureClient
{
    /// <exception cref="SettingsException">Not the id of a client.</exception>
    public static void Check(string settings, string setting, string? clientId)
    {
        if (clientId is not null && !Guid.TryParseExact(clientId, "D", out _))
            throw new SettingsException($"{settings}: {setting} is the client id of an identity, a UUID.");
    }
}

/// <summary>Azure Key Vault as the keeper of key-encryption keys, in place of the key files in the home.</summary>
public sealed record VaultSettings
{
    /// <summary>https address of the vault.</summary>
    public required string Address { get; init; }

    /// <summary>Client id of the identity to come with, where the machine has several; null for its own.</summary>
    public string? ClientId { get; init; }

    /// <exception cref="SettingsException">Incomplete, or in the clear.</exception>
    public void Check(string settings)
    {
        AzureClient.Check(settings, "vault.client_id", ClientId);
        if (!Uri.TryCreate(Address, UriKind.Absolute, out var vault) || vault.Scheme != Uri.UriSchemeHttps
            || vault.PathAndQuery.Length > 1)
            throw new SettingsException($"{settings}: vault.address must be an https address without path.");
    }
}
