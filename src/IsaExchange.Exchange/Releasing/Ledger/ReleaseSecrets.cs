using System.Text.Json;
using IsaExchange.DisclosureControl.IntervalCheck;
using IsaExchange.DisclosureControl.Protection;

namespace IsaExchange.Exchange.Releasing.Ledger;

/// <summary>
/// What has to be known of a release so that no later one gives it away. CONFIDENTIAL, as secret as the records: with
/// the offsets half of the rounding is undone.
/// </summary>
/// <param name="Shape">What its cells are sums of.</param>
/// <param name="Profile">How it was protected.</param>
/// <param name="Offsets">Of the rounding, by identity of the cell.</param>
/// <param name="Hidden">Cells that are not shown, by identity, with the fingerprint of their records.</param>
/// <param name="Report">How many cells are protected, and how.</param>
/// <param name="Proof">The witnesses: tables of counts close to the true ones.</param>
sealed record ReleaseSecrets(
    ReleaseShape Shape, ProtectionProfile Profile, IReadOnlyDictionary<string, byte> Offsets,
    IReadOnlyDictionary<string, UInt128> Hidden, Certificate Proof, CheckReport Report)
{
    /// <summary>What it was checked beside.</summary>
    public OutsideKnown Outside { get; init; } = OutsideKnown.Nothing;

    /// <summary>Its cells, by position, of too few contributors.</summary>
    public IReadOnlyList<int> FewContributors { get; init; } = [];

    /// <summary>Further tables for contributors, who see through some of the proof's; they are kept and not added up
    /// again.</summary>
    public IReadOnlyList<WitnessTable> Insiders { get; init; } = [];

    const string Head = "isaexchange-release-secrets v1\n";

    /// <summary>A line that names the format, then JSON.</summary>
    public byte[] ToBytes() =>
        [.. System.Text.Encoding.UTF8.GetBytes(Head), .. JsonSerializer.SerializeToUtf8Bytes(this)];

    /// <exception cref="InvalidDataException">These are no secrets of a release.</exception>
    public static ReleaseSecrets Parse(ReadOnlySpan<byte> bytes)
    {
        var head = System.Text.Encoding.UTF8.GetBytes(Head);
        if (!bytes.StartsWith(head))
            throw new InvalidDataException("The secrets of a release have another format.");
        return JsonSerializer.Deserialize<ReleaseSecrets>(bytes[head.Length..])
            ?? throw new InvalidDataException("The secrets of a release are empty.");
    }
}
