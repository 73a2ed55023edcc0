using IsaExchange.Agreement;
using IsaExchange.Tests.Outside;

namespace IsaExchange.Tests.Agreement;

/// <summary>
/// A second opinion: decides by the table of policies/README.md as it is read from there, and by what the text around
/// it says. Slow, plain, and ignorant of how the exchange decides.
/// </summary>
sealed class ReadmeOracle(SharingAgreement a, AgreementActs acts)
{
    static readonly Dictionary<string, string[]> Table = File
        .ReadAllLines(Path.Combine(SharedFolders.Repository, "policies", "README.md"))
        .Select(line => line.Split('|').Select(cell => cell.Trim()).ToArray())
        .Where(cells => cells.Length == 11 && cells[1].StartsWith('`'))
        .SelectMany(cells => cells[1].Split(", ").Select(verb => (verb.Trim('`'), cells)))
        .ToDictionary(row => row.Item1, row => row.cells);

    /// <summary>Somebody in one of their offices, with the column of the table that is about it.</summary>
    sealed record Hat(
        int Column, string Party, DateOnly? From, DateOnly? To, SenderClause? Sender = null,
        OfficerClause? Officer = null);

    public static int Verbs => Table.Count;

    public bool Permits(AccessRequest q) => IsKnown(q) && Hats(q.Caller).Any(hat => Permits(q, hat));

    bool IsKnown(AccessRequest q) =>
        (q.Party is null || a.Parties.Any(p => p.Id == q.Party))
        && (q.Dataset is null || a.DatasetsOwed.Any(d => d.Dataset == q.Dataset))
        && q.Areas.All(code => a.Areas.Any(area => area.Code == code))
        && (q.Feed is null || a.Feeds.Any(f => f.Id == q.Feed))
        && (q.Purpose is null || a.Purposes.Any(p => p.Id == q.Purpose));

    IEnumerable<Hat> Hats(Principal who) =>
    [
        .. a.Senders.Where(s => s.Party == who.Party && s.Name == who.SenderName)
            .Select(s => new Hat(4, s.Party, s.From, s.To, Sender: s)),
        .. a.Officers.Where(o => o.Person == who.Person && acts.Ends.All(e => e.Clause != o.Clause))
            .Select(o => new Hat(5, o.Party, o.From, o.To, Officer: o)),
        .. a.Roles.Where(r => r.Person == who.Person).Select(r =>
            new Hat(r.Role == Role.Analyst ? 6 : r.Role == Role.Steward ? 7 : 8, r.Party, r.From, r.To)),
        .. a.Signing.Signatories.Where(s => s.Person == who.Person).Select(s => new Hat(9, s.Party, s.From, s.To)),
    ];

    bool Permits(AccessRequest q, Hat hat)
    {
        var row = Table[VerbNames.Name(q.Verb)];
        var (today, right) = (LondonTime.Date(q.Time), row[hat.Column]);
        return right.Length > 0 && !(right == "own, no deputy" && hat.Officer!.Deputy)
            && !(right == "own, unattended" && !hat.Sender!.Unattended)
            && !(today < hat.From) && !(today > hat.To)
            && SaysEnough(q, row[3]) && IsTime(q, hat, row[2], right, today) && PeriodIsOne(q, hat, row)
            && (!IsOwn(row) || IsOfParty(q, hat, right, today))
            && (row[2] != "owed" || IsOwed(q, today))
            && (q.Verb is not (Verb.CreateSubmission or Verb.WriteContent or Verb.Submit) || IsOpen(q, today))
            && (q.Verb != Verb.ReadRecords || RecordsAreOpen(q, hat))
            && FeedAllows(q, hat, right);
    }

    /// <summary>Whether the verb is about one party's matters at a time.</summary>
    static bool IsOwn(string[] row) => row[4..].Any(cell => cell.StartsWith("own", StringComparison.Ordinal));

    static bool SaysEnough(AccessRequest q, string words) => words.Split(", ").All(word => word switch
    {
        "party" => q.Party is not null,
        "dataset" => q.Dataset is not null,
        "areas" => q.Areas.Count > 0,
        "period" => q.Period is not null,
        "feed" => q.Feed is not null,
        "purpose" => q.Purpose is not null,
        _ => true,
    });

    bool IsTime(AccessRequest q, Hat hat, string when, string right, DateOnly today)
    {
        var party = a.Parties.Single(p => p.Id == hat.Party);
        if (a.Parties.Any(p => p.Succeeds.Contains(party.Id) && !(today < p.From)))
            return false;
        var left = today > party.To || acts.Withdrawals.Any(w => w.Party == party.Id && today > w.LastDay);
        var duty = a.DatasetsOwed.Any(d =>
            d.IsStatutory && d.Party == q.Party && d.Dataset == (q.Dataset ?? d.Dataset));
        var begun = today >= a.From && !(today < party.From);
        var signed = acts.Signatures.Any(s => s.Party == party.Id);
        return when switch
        {
            "always" => true,
            "member" => !left,
            "begun" => begun && !(left && right is "yes" or "every party")
                && acts.Stage is AgreementStage.InForce or AgreementStage.Suspended or AgreementStage.Retired,
            "owed" => begun && signed
                && (acts.Stage == AgreementStage.InForce || (acts.Stage == AgreementStage.Retired && duty))
                && (duty || (today <= a.To && !left)),
            "in force" => begun && signed && acts.Stage == AgreementStage.InForce && !left
                && today <= a.To && today <= a.ReviewDue.AddDays(a.ReviewGraceDays),
            _ => throw new InvalidOperationException($"The table says when: {when}."),
        };
    }

    /// <summary>A period is one in which the dataset is owed: a month, or the quarter of a quarterly one.</summary>
    bool PeriodIsOne(AccessRequest q, Hat hat, string[] row)
    {
        var dataset = a.Feeds.FirstOrDefault(f => f.Id == q.Feed)?.Dataset ?? q.Dataset;
        var party = q.Feed is not null ? null
            : IsOwn(row) ? q.Party ?? hat.Party : q.Party;
        return q.Period is not { } period || a.DatasetsOwed.Any(d =>
            (dataset is null || d.Dataset == dataset) && (party is null || d.Party == party)
            && (period.IsMonth || (d.Cadence == Cadence.Quarterly && period.IsQuarter)));
    }

    bool IsOfParty(AccessRequest q, Hat hat, string right, DateOnly today)
    {
        var owed = Owed(q.Party, q.Dataset);
        return (q.Party is null || right == "every party" || Ancestors(hat.Party, today).Contains(q.Party))
            && (q.Dataset is null || Owed(q.Party ?? hat.Party, q.Dataset) is not null)
            && (hat.Sender is null || (q.Dataset is not null && hat.Sender.Datasets.Contains(q.Dataset)))
            && (owed is null || q.Areas.All(owed.Areas.Contains))
            && (hat.Officer is null || Districts(q.Areas).IsSubsetOf(Districts(hat.Officer.Areas)));
    }

    bool IsOwed(AccessRequest q, DateOnly today)
    {
        if (Owed(q.Party, q.Dataset) is not { } owed || q.Period is not { } period)
            return true;
        var (first, last) = Whole(owed, period);
        var party = a.Parties.Single(p => p.Id == owed.Party);
        var leaves = owed.IsStatutory ? null : acts.Withdrawals.FirstOrDefault(w => w.Party == party.Id)?.LastDay;
        return first >= a.From && last <= a.To && !(first < party.From) && !(last > party.To) && !(last > leaves)
            && !(first < owed.From) && !(last > owed.To) && period.Start <= today
            && a.Areas.Where(x => q.Areas.Contains(x.Code)).All(x => !(first < x.From) && !(last > x.To));
    }

    bool IsOpen(AccessRequest q, DateOnly today)
    {
        if (Owed(q.Party, q.Dataset) is not { } owed || q.Period is not { } period
            || a.Compliance.LockDaysAfter is not { } days)
            return true;
        var (first, last) = Whole(owed, period);
        var due = owed.DueDays is { } after ? last.AddDays(after) : last.AddDays(1).AddMonths(3).AddDays(-1);
        return today <= due.AddDays(days) || (q.Areas.Count > 0 && q.Areas.All(area => acts.Exceptions.Any(e =>
            (e.Party, e.Dataset, e.Area, e.PeriodStart) == (q.Party, q.Dataset, area, first) && today <= e.Until)));
    }

    bool RecordsAreOpen(AccessRequest q, Hat hat)
    {
        var party = a.Parties.Single(p => p.Id == hat.Party);
        var records = a.Records.FirstOrDefault(r => r.Dataset == q.Dataset);
        return records is not null && Owed(q.Party, q.Dataset) is { } owed && q.Areas.All(owed.Areas.Contains)
            && (records.Readers.Count == 0 ? party.Class == "responsible" : records.Readers.Contains(party.Id))
            && q.Areas.All(area => Districts([area]).Overlaps(Districts(party.Areas.Concat(party.PartsOf))))
            && records.Purposes.Contains(q.Purpose!) && !IsBackData(q, party);
    }

    bool FeedAllows(AccessRequest q, Hat hat, string right)
    {
        var party = a.Parties.Single(p => p.Id == hat.Party);
        var isOfFeeds = q.Verb is Verb.ListFeeds or Verb.PublishRelease or Verb.ReadRelease or Verb.ApproveRelease
            or Verb.RetractRelease;
        if (isOfFeeds && right == "as a reader" && IsBackData(q, party))
            return false;
        return a.Feeds.FirstOrDefault(f => f.Id == q.Feed) is not { } feed
            || ((!isOfFeeds || right != "as a reader" || feed.Readers.Contains(party.Id))
                && (q.Dataset ?? feed.Dataset) == feed.Dataset && q.Areas.All(feed.Areas.Contains)
                && (q.Purpose is null || feed.Purposes.Contains(q.Purpose)));
    }

    bool IsBackData(AccessRequest q, PartyClause party) =>
        a.Accession is not { BackData: true } && q.Period?.Start < Ancestors(party.Id, DateOnly.MaxValue)
            .Select(id => a.Parties.Single(p => p.Id == id).From ?? DateOnly.MinValue).Min();

    /// <summary>The party, and those whose place it had taken by the day.</summary>
    HashSet<string> Ancestors(string id, DateOnly today)
    {
        var party = a.Parties.Single(p => p.Id == id);
        return today < party.From ? [id] : [id, .. party.Succeeds.SelectMany(before => Ancestors(before, today))];
    }

    DatasetOwedClause? Owed(string? party, string? dataset) =>
        a.DatasetsOwed.FirstOrDefault(d => d.Party == party && d.Dataset == dataset);

    static (DateOnly First, DateOnly Last) Whole(DatasetOwedClause owed, InformationPeriod period)
    {
        var months = owed.Cadence == Cadence.Quarterly ? 3 : 1;
        var first = new DateOnly(period.Start.Year, ((period.Start.Month - 1) / months * months) + 1, 1);
        return (first, first.AddMonths(months).AddDays(-1));
    }

    HashSet<string> Districts(IEnumerable<string> areas) => a.Areas.Where(area => areas.Contains(area.Code))
        .SelectMany(area => area.Of.Count > 0 ? area.Of : [area.Code]).ToHashSet();
}
