using System.Globalization;
using System.Text.Json.Nodes;
using IsaExchange.Agreement;

namespace IsaExchange.Exchange.Releasing;

/// <summary>
/// What the agreement says to whoever holds a release: caveats, handling, whose consent it takes to pass it on, and
/// who answers for it. Written into the manifest, which is signed with the rest.
/// </summary>
static class ReleaseTerms
{
    public static void AddTo(
        JsonObject manifest, SharingAgreement agreement, FeedClause feed, InformationPeriod period, Coverage coverage)
    {
        var caveats = manifest["caveats"]!.AsArray();
        foreach (var caveat in Caveats(agreement, feed, period, coverage))
            caveats.Add(caveat);
        manifest["terms"] = Terms(agreement, feed, coverage);
    }

    internal static IEnumerable<string> Caveats(
        SharingAgreement agreement, FeedClause feed, InformationPeriod period, Coverage coverage)
    {
        var expected = coverage.Lines.Count;
        var received = coverage.Lines.Count(l => l.Status != CoverageStatus.Missing);
        var inTime = coverage.Lines.Count(l => l.Status != CoverageStatus.Missing && IsInTime(l, coverage));
        foreach (var quality in agreement.Quality.Where(q => q.Dataset == feed.Dataset && q.Concerns(period)))
        {
            yield return quality.Caveat;
            if (Below(received, expected, quality.CompletePercent))
                yield return Sentence(received, expected, "are in", quality.CompletePercent);
            if (Below(inTime, expected, quality.OnTimePercent))
                yield return Sentence(inTime, expected, "came in time", quality.OnTimePercent);
        }
    }

    static JsonObject Terms(SharingAgreement agreement, FeedClause feed, Coverage coverage)
    {
        var terms = new JsonObject { ["agreement"] = agreement.Title };
        if (agreement.Version is { } version)
            terms["version"] = version;
        if (feed.Handling is { } handling)
            terms["handling"] = handling;
        if (feed.FreedomOfInformation is { } note)
            terms["freedom_of_information"] = note;
        if (agreement.Onward is { Consent: true })
            terms["onward"] = $"Only with the written consent of {Originators(agreement, coverage)}.";
        if (agreement.Contacts.Count > 0)
            terms["contacts"] = new JsonArray([.. agreement.Contacts.Select(c => (JsonNode)Contact(agreement, c))]);
        return terms;
    }

    static JsonObject Contact(SharingAgreement agreement, ContactClause clause)
    {
        var person = agreement.People.First(p => p.Id == clause.Person);
        return new JsonObject
        {
            ["matter"] = clause.Matter,
            ["party"] = agreement.Parties.First(p => p.Id == clause.Party).Title,
            ["name"] = person.Name,
            ["contact"] = person.Contact,
        };
    }

    static string Originators(SharingAgreement agreement, Coverage coverage) => string.Join(", ",
        agreement.Parties.Where(p => coverage.Lines.Any(l => l.Party == p.Id)).Select(p => p.Title));

    /// <summary>A correction is late for nobody: what it corrects came first.</summary>
    static bool IsInTime(CoverageLine line, Coverage coverage) => coverage.Inputs
        .Where(i => line.Submissions.Contains(i.Name, StringComparer.Ordinal))
        .All(i => i.Supersedes is not null || i.DueTicks is not { } due || i.SubmitTicks <= due);

    static bool Below(int count, int expected, int? percent) => (long)count * 100 < (long)expected * (percent ?? 0);

    static string Sentence(int count, int expected, string what, int? percent) => string.Create(
        CultureInfo.InvariantCulture,
        $"{count} of {expected} returns {what}; the agreement wants {percent} % for a release to rest on.");
}
