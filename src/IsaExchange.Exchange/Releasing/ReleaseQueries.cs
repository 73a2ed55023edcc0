using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using IsaExchange.Agreement;
using IsaExchange.Datasets.Validation;
using IsaExchange.Exchange.Storage.Catalogue;

namespace IsaExchange.Exchange.Releasing;

/// <summary>A query of a submission that a release is made of, as its readers are told.</summary>
/// <param name="Area">Empty: of all, or not told.</param>
/// <param name="Code">Empty: of all, or not told.</param>
/// <param name="Explanation">Null while nobody has explained it.</param>
/// <param name="CarriedFrom">Id of the submission to which it was said; null: to this one.</param>
/// <param name="Until">Last day on which it answers later submissions too; null: none.</param>
public sealed record ReleaseQuery(
    string Submission, string Rule, string Title, string Field, string Area, string Code, string? Explanation,
    string? CarriedFrom, string? Until)
{
    [JsonIgnore]
    public bool IsOpen => Explanation is null;
}

/// <summary>
/// What readers are told of queries. Where a feed shows every count, the area as well, and the code if a table has its
/// dimension; where it does not, neither: that a code vanished in an area would tell a count that is not published.
/// </summary>
sealed class ReleaseQueries(CatalogueContext db, FeedClause feed, DateOnly day)
{
    /// <summary>The regime that shows every count.</summary>
    public const string Open = "open";

    readonly Dictionary<string, IReadOnlyList<ReleaseQuery>> _read = new(StringComparer.Ordinal);

    public async Task<IReadOnlyList<ReleaseQuery>> OfAsync(SubmissionRow row, CancellationToken ct)
    {
        if (_read.TryGetValue(row.Id, out var read))
            return read;
        var queries = (await SubmissionQueries.AnsweredAsync(db, row, day, ct)).Select(q => Told(row, q)).Distinct();
        return _read[row.Id] = [.. queries];
    }

    ReleaseQuery Told(SubmissionRow row, AnsweredQuery query)
    {
        var (group, said) = (query.Group, query.Explanation);
        var isOpen = feed.Regime == Open;
        var hasCodes = isOpen && feed.Tables.Any(t => t.Dimensions.Contains(group.Field, StringComparer.Ordinal));
        return new ReleaseQuery(
            row.Name, group.Rule, Rules.Find(group.Rule)?.Title ?? "", group.Field, isOpen ? group.Area : "",
            hasCodes ? group.Code : "", said?.Text, said?.CarriedFrom, said?.Until);
    }

    /// <summary>Into the manifest: every query once, and a sentence where one is open.</summary>
    public static void AddTo(JsonObject manifest, Coverage coverage)
    {
        List<ReleaseQuery> queries = [.. coverage.Lines.SelectMany(l => l.Queries).Distinct()];
        if (queries.Count == 0)
            return;
        manifest["queries"] = new JsonArray([.. queries.Select(q => (JsonNode)Node(q))]);
        if (queries.Count(q => q.IsOpen) is var open and > 0)
            manifest["caveats"]!.AsArray().Add(
                $"{(open == 1 ? "1 query" : $"{open} queries")} of these figures: open, unexplained.");
    }

    /// <summary>Into the manifest: of each authority whose records tell places.</summary>
    public static void AddLocationsTo(JsonObject manifest, Coverage coverage)
    {
        var parties = coverage.Lines.Where(l => l.Locations is not null).DistinctBy(l => l.Party).ToList();
        if (parties.Count > 0)
            manifest["locations"] = new JsonArray([.. parties.Select(line => (JsonNode)new JsonObject
            {
                ["party"] = line.Party,
                ["exact_percent"] = line.Locations!.Exact,
                ["outward_percent"] = line.Locations.Outward,
                ["unknown_percent"] = line.Locations.Unknown,
            })]);
    }

    static JsonObject Node(ReleaseQuery query)
    {
        var node = new JsonObject
        {
            ["submission"] = query.Submission,
            ["rule"] = query.Rule,
            ["title"] = query.Title,
            ["state"] = query.IsOpen ? "open, unexplained" : "explained",
        };
        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
                node[name] = value;
        }

        Add("field", query.Field);
        Add("area", query.Area);
        Add("code", query.Code);
        Add("explanation", query.Explanation);
        Add("carried_from", query.CarriedFrom);
        Add("until", query.Until);
        return node;
    }
}
