using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange.Storage.Catalogue;

/// <summary>Life of an enrolled key; the numbers are stored and are those of the wire.</summary>
public enum CredentialState
{
    Active = 1,

    /// <summary>A renewal made another; lets in until <see cref="CredentialRow.EndTicks"/>.</summary>
    Replaced = 2,
    Revoked = 3,
}

/// <summary>An enrolled key. A chain to our authority is necessary, this row is what lets a call in.</summary>
public sealed class CredentialRow
{
    /// <summary>Hex SHA-256 of the public key. Never leaves the table: a key that was revoked cannot come
    /// back.</summary>
    public required string SpkiSha256 { get; init; }

    /// <summary>Last part of the resource name.</summary>
    public required string Id { get; init; }

    public required string Subject { get; init; }

    public required string Agreement { get; init; }

    /// <summary>Revision under which it was enrolled.</summary>
    public required string AgreementRevision { get; init; }

    public required string Party { get; init; }

    public required long NotBeforeTicks { get; init; }

    public required long NotAfterTicks { get; init; }

    public required long EnrolTicks { get; init; }

    /// <summary>Subject of whoever approved it; empty for the operator.</summary>
    public required string EnrolledBy { get; init; }

    /// <summary>Public; kept so that a repeated request gets the answer that was lost.</summary>
    public required string CertificatePem { get; init; }

    public CredentialState State { get; set; } = CredentialState.Active;

    /// <summary>From then on it lets nobody in; null while it is active.</summary>
    public long? EndTicks { get; set; }

    public string? EndReason { get; set; }

    /// <summary>Hex digest of the reason, as the log has it: stays when the text is erased.</summary>
    public string? EndReasonSha256 { get; set; }

    /// <summary>Key that took its place.</summary>
    public string? ReplacedBy { get; set; }

    public string Name => $"agreements/{Agreement}/parties/{Party}/credentials/{Id}";

    /// <summary>Whether the registry lets its holder in. The certificate's own dates are looked at apart.</summary>
    public bool LetsIn(DateTimeOffset now) => State switch
    {
        CredentialState.Active => true,
        CredentialState.Replaced => now.UtcTicks < EndTicks,
        _ => false,
    };

    internal static void Configure(ModelBuilder model) => model.Entity<CredentialRow>(row =>
    {
        row.HasKey(x => x.SpkiSha256);
        row.HasIndex(x => x.Id).IsUnique();
        row.HasIndex(x => new { x.Agreement, x.Party });
    });
}

/// <summary>A person as an identity provider knows them. Unlinking removes the row; the log keeps that it
/// was.</summary>
public sealed class IdentityRow
{
    public required string Issuer { get; init; }

    /// <summary>What the provider calls the person: never an e-mail address.</summary>
    public required string Subject { get; init; }

    /// <summary>Last part of the resource name.</summary>
    public required string Id { get; init; }

    /// <summary>Id of the person in the agreement.</summary>
    public required string Person { get; init; }

    public required string Agreement { get; init; }

    public required string Party { get; init; }

    public required long LinkTicks { get; init; }

    /// <summary>Subject of whoever linked it; empty for the operator.</summary>
    public required string LinkedBy { get; init; }

    public string Name => $"agreements/{Agreement}/parties/{Party}/identities/{Id}";

    internal static void Configure(ModelBuilder model) => model.Entity<IdentityRow>(row =>
    {
        // One provider's subject is one person, whoever links it.
        row.HasKey(x => new { x.Issuer, x.Subject });
        row.HasIndex(x => x.Id).IsUnique();
        row.HasIndex(x => new { x.Agreement, x.Party });
    });
}
