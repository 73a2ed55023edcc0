using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange.Storage.Catalogue;

/// <summary>
/// The destruction of one key, and with it of everything that it sealed. The row is there from the order on; its note
/// is signed when the key is gone.
/// </summary>
public sealed class ErasureRow
{
    public required string KeyName { get; init; }

    public required string Agreement { get; init; }

    public required string Party { get; init; }

    /// <summary>Ids of the key's versions when it was ordered, separated by blanks.</summary>
    public required string KeyIds { get; init; }

    public required long OrderTicks { get; init; }

    /// <summary>From then on nobody can undo it; null until the key is destroyed.</summary>
    public long? EffectiveTicks { get; set; }

    /// <summary>Id of the event that the note is about.</summary>
    public string? Event { get; set; }

    /// <summary>The certificate: signed text, as receipts are.</summary>
    public string? Note { get; set; }

    internal static void Configure(ModelBuilder modelBuilder)
    {
        // One key is destroyed once: two replicas that think of it at the same time order it once.
        modelBuilder.Entity<ErasureRow>().HasKey(x => x.KeyName);
        modelBuilder.Entity<ErasureRow>().HasIndex(x => new { x.Agreement, x.Party });
    }
}
