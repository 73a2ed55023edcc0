using System.Text.Json.Nodes;
using IsaExchange.Datasets.OutsideTables;
using IsaExchange.DisclosureControl.Protection;

namespace IsaExchange.Exchange.Releasing.Ledger;

/// <summary>What a release was checked beside that others have published. CONFIDENTIAL but for the names of the tables:
/// which numbers agree with ours tells ours.</summary>
/// <param name="Tables">As they were then: what was public once stays so.</param>
/// <param name="LeftOut">How many of their numbers differ from ours.</param>
/// <param name="PublicCells">Cells of the release, and behind them of those before it, that the tables tell by
/// themselves: they are not protected.</param>
sealed record OutsideKnown(IReadOnlyList<OutsideTable> Tables, int LeftOut, IReadOnlyList<int> PublicCells)
{
    public static OutsideKnown Nothing { get; } = new([], 0, []);

    /// <summary>Tables to check a release beside: those that there are now, and those that an earlier release of the
    /// same records was checked beside.</summary>
    public static IReadOnlyList<OutsideTable> TablesFor(
        ReleaseShape shape, ProtectionProfile profile, IReadOnlyList<OutsideTable> now,
        IReadOnlyList<EarlierRelease> earlier)
    {
        // Where every count is public and no other feed of them protects one, there is nothing to check beside.
        var isOpen = profile.Regime == ProtectionProfile.Open
            && earlier.All(e => e.Secrets.Profile.Regime == ProtectionProfile.Open);
        return isOpen ? [] : [.. now.Concat(earlier.SelectMany(e => e.Secrets.Outside.Tables))
            .DistinctBy(t => (t.Id, t.Sha256)).Where(t => OutsideSums.IsOf(t, shape))];
    }

    /// <summary>For readers: what the proof takes as known.</summary>
    public void AddTo(JsonObject manifest, ProtectionProfile profile)
    {
        if (Tables.Count == 0)
            return;
        manifest["guarantee"] = profile.GuaranteeBeside([.. Tables.Select(t => $"{t.Id} ({t.Source})")]);
        manifest["outside_tables"] = new JsonArray([.. Tables.Select(t => (JsonNode)new JsonObject
        {
            ["id"] = t.Id, ["source"] = t.Source, ["sha256"] = t.Sha256,
        })]);
    }
}
