using System.Security.Cryptography;
using System.Text.Json.Nodes;
using IsaExchange.DisclosureControl.IntervalCheck;
using IsaExchange.DisclosureControl.Protection;

namespace IsaExchange.Exchange.Releasing.Ledger;

/// <summary>What the interval check found, as a manifest tells it: how many cells are protected, and how, is a count of
/// small counts itself, and stays sealed.</summary>
static class CheckNode
{
    /// <param name="release">What is published, and the check of it.</param>
    /// <param name="secrets">What is kept sealed, the witnesses among it: with their digest signed nobody can replace
    /// them.</param>
    /// <param name="profile">What is required.</param>
    /// <param name="statementsBefore">Cells of earlier releases. How many outside numbers agree with ours is nobody's
    /// to know.</param>
    public static JsonObject Of(
        ProtectedCells release, ProtectionProfile profile, byte[] secrets, int statementsBefore)
    {
        var report = release.Check.Report;
        return new JsonObject
        {
            ["published_cells"] = release.Cells.Count,
            ["statements_before"] = statementsBefore,
            ["required_width"] = profile.Width,
            ["seed"] = report.Figures.Seed,
            ["solver"] = report.Figures.Solver,
            ["sealed_proof_sha256"] = Convert.ToHexStringLower(SHA256.HashData(secrets)),
            ["seconds"] = Math.Ceiling(report.Seconds),
        };
    }

    /// <summary>In one sentence for readers; empty where a manifest tells of no check.</summary>
    public static string Words(JsonNode? node) => node is not JsonObject check ? ""
        : $"{check["published_cells"]} cells, beside {check["statements_before"]} published before: every protected "
            + $"one has a witness, values at least {check["required_width"]} apart.";
}

/// <summary>Why a release is refused, in names of cells and no counts.</summary>
static class NotSafe
{
    const int NamedMax = 8;

    const string Remedy = "Make the feed's tables coarser, or choose another regime.";

    public static string OutOfTime(TimeSpan time) =>
        $"The check was not done in the {time.TotalMinutes:0} minutes that it has. {Remedy}";

    public static string Because(CheckReport report)
    {
        var named = report.Refused.Take(NamedMax).Select(r => $"{r.Name} {r.Because}");
        var more = report.Refused.Count > NamedMax ? $"; and {report.Refused.Count - NamedMax} more" : "";
        return $"Counts that must be protected are not proved safe: {string.Join("; ", named)}{more}. "
            + Remedy;
    }
}
