using IsaExchange.Datasets.OutsideTables;
using IsaExchange.DisclosureControl;
using IsaExchange.DisclosureControl.IntervalCheck;
using IsaExchange.DisclosureControl.Protection;
using IsaExchange.Exchange.Releasing.Ledger;

namespace IsaExchange.Tests.Exchange.Releasing;

/// <summary>Releases of a small dataset: two areas with two small areas each, two kinds, months.</summary>
static class LedgerReleases
{
    public static readonly string[] Areas = ["A", "B"];
    static readonly string[] Kinds = ["theft", "arson"];
    static readonly byte[] Key = new byte[32];

    /// <summary>A release of these records.</summary>
    /// <param name="months">Of its period.</param>
    /// <param name="tables">Names of the dimensions of each.</param>
    /// <param name="records">Small area (A1, A2, B1, B2), kind, month, count.</param>
    public static ReleaseShape Shape(
        string[] months, string[][] tables, params (string Place, string Kind, string Month, long Count)[] records)
    {
        ShapeAxis[] axes =
        [
            new(["area", "location"], [["A", "A1"], ["A", "A2"], ["B", "B1"], ["B", "B2"]]) { Base = 2 },
            new(["kind"], [["theft"], ["arson"]]),
            new(["month"], [.. months.Select(m => new[] { m })]),
        ];
        var atoms = records.Where(r => r.Count > 0 && months.Contains(r.Month)).Select(r => new LedgerAtom(
            [
                axes[0].Elements.ToList().FindIndex(e => e[1] == r.Place), Array.IndexOf(Kinds, r.Kind),
                Array.IndexOf(months, r.Month),
            ], r.Count, Fingerprint(r)));
        return new ReleaseShape(
            Areas, $"{months[0]}-01", $"{months[^1]}-28", axes,
            [.. tables.Select(t => new ShapeTable(string.Join('-', t), [.. t.Select(d => Dimension(d, months))]))],
            [.. atoms]);
    }

    /// <summary>Equal for equal records, and additive.</summary>
    static UInt128 Fingerprint((string Place, string Kind, string Month, long Count) record)
    {
        var hash = System.Security.Cryptography.SHA256.HashData(
            System.Text.Encoding.UTF8.GetBytes($"{record.Place}{record.Kind}{record.Month}"));
        return unchecked(BitConverter.ToUInt64(hash) * (UInt128)record.Count);
    }

    static TableDimension Dimension(string name, string[] months)
    {
        string[] codes = name switch
        {
            "area" => Areas,
            "location" => ["A1", "A2", "B1", "B2"],
            "kind" => Kinds,
            _ => months,
        };
        return new TableDimension(name, codes, codes, "ALL");
    }

    public static ProtectedRelease Protect(
        ReleaseShape shape, ProtectionProfile profile, IReadOnlyList<EarlierRelease> earlier,
        Func<string, bool>? isMissing = null, IReadOnlyList<OutsideTable>? outside = null) =>
        new ReleaseProtection(profile, Key, "incidents", new CheckLimits(30)).Run(
            shape, 0, isMissing ?? (_ => false), earlier, outside ?? [], CancellationToken.None);

    /// <summary>As the ledger and the sealed store give it back.</summary>
    public static EarlierRelease Published(ProtectedRelease release, string name = "release 1", bool thisYear = true) =>
        new(name, ReleaseSecrets.Parse(release.Secrets.ToBytes()), release.Tables.SelectMany(Statement.Of)
            .ToDictionary(s => (s.Table, s.CellKey)))
        {
            IsOfThisYear = thisYear,
        };

    public static PublishedCell Cell(ProtectedRelease release, string table, params string[] codes) =>
        release.Tables.Single(t => t.Name == table).Rows().Single(r => r.Codes.SequenceEqual(codes)).Cell;

    public static bool IsSafe(ProtectedRelease release) => release.Result.Check.Report.IsSafe;
}
