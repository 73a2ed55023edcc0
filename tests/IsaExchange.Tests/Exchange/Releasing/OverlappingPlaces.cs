using System.Globalization;
using IsaExchange.DisclosureControl;
using IsaExchange.DisclosureControl.IntervalCheck;
using IsaExchange.Exchange.Releasing.Ledger;
using IsaExchange.Tests.Outside;

namespace IsaExchange.Tests.Exchange.Releasing;

/// <summary>Releases of the synthetic county: small areas, and what these are part of, MSOAs and wards that do not
/// nest.</summary>
static class OverlappingPlaces
{
    public const string Msoas = "location_msoa";
    public const string Wards = "location_ward";

    static readonly List<string[]> Rows = [.. File
        .ReadLines(SharedFolders.Vectors("disclosure", "county", "table_small.csv")).Skip(1)
        .Select(line => line.Replace("\"", "", StringComparison.Ordinal).Split(','))];

    static readonly string[] Levels = [Msoas, Wards];

    /// <summary>A release of one table for each level of places, by group of types.</summary>
    /// <param name="tables">Dimensions of places.</param>
    /// <param name="levels">What its small areas are known to be part of.</param>
    public static ReleaseShape Shape(string[] tables, string[]? levels = null)
    {
        levels ??= Levels;
        var places = Rows.DistinctBy(r => r[0])
            .Select(r => (string[])[r[3], r[0], .. levels.Select(l => r[l == Msoas ? 1 : 2])]).ToList();
        var (groups, months) = (Distinct(5), Distinct(6));
        ShapeAxis[] axes =
        [
            new(["area", "location", .. levels], places) { Base = 2 },
            new(["grp"], [.. groups.Select(g => new[] { g })]),
            new(["month"], [.. months.Select(m => new[] { m })]),
        ];
        TableDimension Of(string name)
        {
            string[] codes = name == "grp" ? groups
                : [.. places.Select(p => p[axes[0].IndexOf(name)]).Distinct(StringComparer.Ordinal)];
            return new TableDimension(name, codes, codes, "ALL");
        }

        var at = places.Select((p, i) => (p[1], i)).ToDictionary(x => x.Item1, x => x.i, StringComparer.Ordinal);
        return new ReleaseShape(
            Distinct(3), "2026-01-01", "2026-03-31", axes,
            [.. tables.Select(t => new ShapeTable(t, [Of(t), Of("grp")]))],
            [.. Rows.GroupBy(r => (r[0], r[5], r[6])).Select(g => new LedgerAtom(
                [at[g.Key.Item1], Array.IndexOf(groups, g.Key.Item2), Array.IndexOf(months, g.Key.Item3)],
                g.Sum(r => long.Parse(r[7], CultureInfo.InvariantCulture)), Fingerprint(g.Key.ToString())))
                .Where(a => a.Count > 0)]);
    }

    /// <summary>The same records when small areas were what MSOAs are now, each under its code of then.</summary>
    public static ReleaseShape ShapeOfEarlierCodes()
    {
        var shape = Shape([Msoas], [Msoas]);
        var places = Rows.DistinctBy(r => r[1]).Select(r => (string[])[r[3], r[1]]).ToList();
        var at = shape.Axes[0].Elements.Select(e => places.FindIndex(p => p[1] == e[2])).ToList();
        return shape with
        {
            Axes = [new ShapeAxis(["area", "location"], places) { Base = 2 }, .. shape.Axes.Skip(1)],
            Tables = [new ShapeTable(
                "location", [shape.Tables[0].Dimensions[0] with { Name = "location" }, shape.Tables[0].Dimensions[1]])],
            Atoms = [.. shape.Atoms.GroupBy(a => (at[a.Elements[0]], a.Elements[1], a.Elements[2])).Select(
                g => new LedgerAtom(
                    [g.Key.Item1, g.Key.Item2, g.Key.Item3], g.Sum(a => a.Count), Fingerprint($"then {g.Key}")))],
        };
    }

    static string[] Distinct(int column) => [.. Rows.Select(r => r[column]).Distinct(StringComparer.Ordinal)];

    static UInt128 Fingerprint(string of) => BitConverter.ToUInt64(
        System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(of)));

    /// <summary>What a reader of all these tables knows, each published as if there were no other.</summary>
    public static CheckReport Together(ReleaseShape both, params ProtectedRelease[] each)
    {
        var exact = new LedgerKnowledge(both, [], []).Exact;
        var cells = each.SelectMany(e => e.Result.Cells).ToList();
        var sums = exact.Sums.Select((sum, i) => sum with
        {
            Lo = cells[i].Lo,
            Hi = cells[i].Hi,
            Required = each[0].Secrets.Profile.RequiredOf(exact.Counts[i]),
        });
        var known = new AttackerKnowledge([.. sums], exact.Truth);
        return IntervalChecker.Check(known, new CheckLimits(60)).Report;
    }
}
