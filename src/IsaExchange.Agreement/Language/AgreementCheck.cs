using System.Globalization;

namespace IsaExchange.Agreement.Language;

/// <summary>What no single clause can get wrong by itself: repeats, terms, overlaps, gaps between clauses.</summary>
sealed class AgreementCheck(AgreementText text, ClauseReader root)
{
    const string LeaveOut = "leave it out, or add it under datasets";

    readonly Dictionary<string, HashSet<string>> districts =
        Geographies.DistrictsByArea(text.Areas.DistinctBy(a => a.Code));

    public void Run(DateOnly? today)
    {
        CheckRepeats();
        CheckTerms();
        if (today > text.ReviewDue)
            Add(root.LineOf("review"), "review", $"the review was due on {Day(text.ReviewDue)}",
                $"review the agreement; publishing stops after {Day(text.ReviewDue.AddDays(text.ReviewGraceDays))}");
        CheckDistricts();
        CheckOfficerOverlaps();
        CheckDuties();
        CheckSenders();
        CheckFeeds();
        CheckAreasOwed();
    }

    void CheckRepeats()
    {
        CheckRepeats("parties", "id", text.Parties, p => p.Id, p => p.Line);
        CheckRepeats("areas", "code", text.Areas, a => a.Code, a => a.Line);
        CheckRepeats("people", "id", text.People, p => p.Id, p => p.Line);
        CheckRepeats("officers", "party, person and from", text.Officers, o => o.Clause, o => o.Line);
        CheckRepeats("senders", "party and name", text.Senders, s => s.Clause, s => s.Line);
        CheckRepeats("roles", "party and person", text.Roles, r => r.Clause, r => r.Line);
        CheckRepeats("purposes", "id", text.Purposes, p => p.Id, p => p.Line);
        CheckRepeats("datasets", "dataset and party", text.DatasetsOwed, d => d.Clause, d => d.Line);
        CheckRepeats("feeds", "id", text.Feeds, f => f.Id, f => f.Line);
        CheckRepeats("retention", "dataset", text.Retention, r => r.Dataset, r => r.Line);
        foreach (var feed in text.Feeds.Where(f => f.Tables.DistinctBy(t => t.Name).Count() < f.Tables.Count))
            Add(feed.Line, feed.Clause, "two tables have the same name", "give each table its own name");
    }

    void CheckRepeats<T>(string section, string what, IEnumerable<T> clauses, Func<T, string> key, Func<T, int> line)
    {
        foreach (var repeat in clauses.Where(c => key(c).Length > 0).GroupBy(key).SelectMany(g => g.Skip(1)))
            Add(line(repeat), section, $"two clauses have the same {what}", "keep one of them, or tell them apart");
    }

    void CheckTerms()
    {
        CheckTerm(root.LineOf("to"), "to", text.From, text.To);
        if (text.ReviewDue < text.From || text.ReviewDue > text.To)
            Add(root.LineOf("review"), "review", "the review is not due within the term", "choose a day of the term");
        foreach (var p in text.Parties)
            CheckTerm(p.Line, p.Clause, p.From, p.To);
        foreach (var o in text.Officers)
            CheckTerm(o.Line, o.Clause, o.From, o.To);
        foreach (var d in text.DatasetsOwed)
            CheckTerm(d.Line, d.Clause, d.From, d.To);
        foreach (var s in text.Senders)
            CheckTerm(s.Line, s.Clause, s.From, s.To);
        foreach (var r in text.Roles)
            CheckTerm(r.Line, r.Clause, r.From, r.To);
    }

    static string Day(DateOnly day) => day.ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    void CheckTerm(int line, string clause, DateOnly? from, DateOnly? to)
    {
        if (from > to)
            Add(line, clause, "the term ends before it begins", "put from before to");
    }

    void CheckDistricts()
    {
        var csps = text.Areas.Where(a => a.Kind == "csp");
        var members = csps.SelectMany(csp => csp.Of.Select(district => (csp, district)));
        foreach (var (csp, district) in members.GroupBy(m => m.district).SelectMany(AtOneTime))
            Add(csp.Line, csp.Clause, $"{district} is in two community safety partnerships", "leave it in one of them");
        foreach (var area in text.Areas)
            CheckTerm(area.Line, area.Clause, area.From, area.To);

        static IEnumerable<(AreaClause Csp, string District)> AtOneTime(IEnumerable<(AreaClause Csp, string)> same) =>
            same.Where((later, index) => same.Take(index).Any(earlier =>
                !(earlier.Csp.To < later.Csp.From) && !(later.Csp.To < earlier.Csp.From)));
    }

    void CheckOfficerOverlaps()
    {
        var officers = text.Officers.Where(o => !o.Deputy).ToList();
        foreach (var (index, later) in officers.Index())
        {
            var clash = officers.Take(index).FirstOrDefault(earlier =>
                earlier.Party == later.Party && earlier.From <= later.To && later.From <= earlier.To
                && Districts(earlier.Areas).Overlaps(Districts(later.Areas)));
            if (clash is not null)
                Add(later.Line, later.Clause, $"the term overlaps {clash.Clause} for the same area",
                    "end one before the other begins, or designate a deputy");
        }
    }

    void CheckDuties()
    {
        foreach (var owed in text.DatasetsOwed)
        {
            CheckDueRule(owed);
            var party = text.Parties.FirstOrDefault(p => p.Id == owed.Party);
            if (party is not null && !Districts(owed.Areas).IsSubsetOf(Districts(party.Covered)))
                Add(owed.Line, owed.Clause, "the party does not cover every area it owes",
                    $"correct areas here or in {party.Clause}");
            if (text.Retention.All(r => r.Dataset != owed.Dataset))
                Add(owed.Line, owed.Clause, "the dataset has no retention", "add it under retention");
        }
    }

    void CheckDueRule(DatasetOwedClause owed)
    {
        if (owed.Calendar is null == owed.DueDays is null)
            Add(owed.Line, owed.Clause, "the due rule is not one of calendar and due_days", "write one of the two");
        if (owed.Calendar is not null && owed.Cadence != Cadence.Quarterly)
            Add(owed.Line, owed.Clause, "the statutory calendar has quarters only", "write quarterly, or due_days");
        if (owed.IsStatutory && (owed.Calendar is null || owed.Paragraph is null))
            Add(owed.Line, owed.Clause, "a duty of section 17A needs its calendar and its paragraph",
                $"write calendar: {StatutoryCalendar.Id} and paragraph: 1 to 12");
        if (!owed.IsStatutory && (owed.Calendar is not null || owed.Paragraph is not null))
            Add(owed.Line, owed.Clause, "calendar and paragraph belong to section 17A only", "write due_days");
    }

    void CheckSenders()
    {
        foreach (var sender in text.Senders)
        {
            var owed = text.DatasetsOwed.Where(o => o.Party == sender.Party).Select(o => o.Dataset);
            foreach (var dataset in sender.Datasets.Except(owed))
                Add(sender.Line, sender.Clause, $"the party does not owe {dataset}", LeaveOut);
        }
    }

    /// <summary>Whoever proposes approves nothing, and two who approve are of two parties.</summary>
    void CheckApprovals(FeedClause feed)
    {
        var stewards = text.Roles.Where(r => r.Role == Role.Steward).ToList();
        var isEnough = feed.Approvals == 0 || stewards.Select(s => s.Person).Distinct().Any(proposer => Approving(
            [.. stewards.Where(s => s.Person != proposer)]) >= feed.Approvals);
        if (!isEnough)
            Add(feed.Line, feed.Clause, "it asks for more approvals than the stewards can give",
                "name more stewards, for two approvals of two parties, besides the one who proposes");
    }

    /// <summary>Up to two: so many different people of different parties are among them.</summary>
    static int Approving(List<RoleClause> stewards) => stewards.Exists(one => stewards.Exists(
        other => one.Person != other.Person && one.Party != other.Party)) ? 2 : Math.Min(stewards.Count, 1);

    void CheckFeeds()
    {
        foreach (var feed in text.Feeds)
        {
            var owed = text.DatasetsOwed.Where(d => d.Dataset == feed.Dataset).SelectMany(d => d.Areas);
            foreach (var area in feed.Areas.Except(owed))
                Add(feed.Line, feed.Clause, $"nobody owes {feed.Dataset} for {area}", LeaveOut);
            if (feed is { Regime: "open", Marking: "OFFICIAL" }
                && text.DatasetsOwed.Any(d => d.Dataset == feed.Dataset && d.Marking != feed.Marking))
            {
                Add(feed.Line, feed.Clause, "it shows every count and is marked lower than the records it is made from",
                    "mark it like the dataset, or choose a regime that suppresses");
            }

            CheckApprovals(feed);
            CheckProtection(feed);
            var districtsOfFeed = Districts(feed.Areas);
            foreach (var reader in text.Parties.Where(p => feed.Readers.Contains(p.Id)))
            {
                if (!Districts(reader.Covered).Overlaps(districtsOfFeed))
                    Add(feed.Line, feed.Clause, $"{reader.Id} has no area in the feed", "leave this reader out");
            }
        }
    }

    /// <summary>What a regime cannot promise is not agreed.</summary>
    void CheckProtection(FeedClause feed)
    {
        if (feed.Protection is not { } protection)
            return;
        if (!LanguageWords.RegimesWithProtection.Contains(feed.Regime))
            Add(feed.Line, feed.Clause, $"the regime {feed.Regime} has nothing more to agree", "leave protection out");
        else if (feed.Regime == "suppress" && protection.Threshold < 3)
            Add(feed.Line, feed.Clause, "exact counts with a threshold below 3 protect nobody", "write 3 or more");
        else if (feed.Regime == "sticky-5" && protection.Threshold is null or 0 && protection.Width > 5)
            Add(feed.Line, feed.Clause, "rounding to 5 does not keep values more than 5 apart", "write a threshold");
        if (feed.Regime == "sticky-5" && protection.Threshold is > 0 and < 5)
            Add(feed.Line, feed.Clause, "a threshold below 5 hides less than rounding does",
                "write 5 or more, or none");
        if (feed.Regime == "sticky-5" && protection is { Threshold: > 0, ZerosAreShown: true })
            Add(feed.Line, feed.Clause, "below a threshold zero stands under the mark too", "leave zeros out");
    }

    void CheckAreasOwed()
    {
        var owed = Districts(text.DatasetsOwed.SelectMany(d => d.Areas));
        foreach (var area in text.Areas.Where(a => !Districts([a.Code]).Overlaps(owed)))
            Add(area.Line, area.Clause, "nothing is owed for the area", LeaveOut);
    }

    HashSet<string> Districts(IEnumerable<string> areas) =>
        areas.SelectMany(a => districts.TryGetValue(a, out var of) ? of : []).ToHashSet(StringComparer.Ordinal);

    void Add(int line, string clause, string message, string remedy) => root.Faults.Add(line, clause, message, remedy);
}
