namespace IsaExchange.Agreement.Language;

/// <summary>Whether what the agreement says about itself can be done: signatures, records, versions.</summary>
sealed class GovernanceCheck(AgreementText text, ClauseReader root)
{
    readonly Dictionary<string, HashSet<string>> districts =
        Geographies.DistrictsByArea(text.Areas.DistinctBy(a => a.Code));

    public void Run()
    {
        CheckSignatories();
        CheckQuorum();
        CheckRecords();
        CheckDays("remind_days_before", text.Compliance.RemindDaysBefore);
        CheckDays("escalate_days_after", text.Compliance.EscalateDaysAfter);
        CheckVersions();
        CheckQuality();
        CheckRepeats("contacts", "party and matter", text.Contacts, c => c.Clause, c => c.Line);
        CheckRepeats("processors", "party and name", text.Processors, p => p.Clause, p => p.Line);
        foreach (var (earlier, later) in text.Geography.Later.Zip(text.Geography.Later.Skip(1)))
        {
            if (earlier.From == later.From)
                Add(root.LineOf("geography"), "geography", "two editions begin on the same day", "keep one of them");
        }
    }

    void CheckSignatories()
    {
        foreach (var (index, later) in text.Signing.Signatories.Index())
        {
            if (later.From > later.To)
                Add(later.Line, later.Clause, "the term ends before it begins", "put from before to");
            var clash = text.Signing.Signatories.Take(index).FirstOrDefault(earlier => earlier.Party == later.Party
                && !(earlier.To < later.From) && !(later.To < earlier.From));
            if (clash is not null)
                Add(later.Line, later.Clause, $"the term overlaps {clash.Clause}",
                    "one person signs for a party at a time: end one before the other begins");
        }

        // Whoever took its place signs instead.
        foreach (var party in text.Parties.Where(p => text.Parties.All(s => !s.Succeeds.Contains(p.Id))))
        {
            if (text.Signing.Signatories.All(s => s.Party != party.Id))
                Add(party.Line, party.Clause, "nobody can sign for the party", "name its signatory under signing");
        }
    }

    void CheckQuorum()
    {
        var able = text.Signing.Signatories.Select(s => s.Party).Distinct(StringComparer.Ordinal).Count();
        if (text.Signing.Quorum > able)
            Add(root.LineOf("signing"), "signing",
                $"the quorum is {text.Signing.Quorum}, and {able} parties have a signatory",
                "lower the quorum, or name signatories");
        if (text.Accession?.Approvals > able)
            Add(root.LineOf("accession"), "accession",
                $"{text.Accession.Approvals} approvals are demanded, and {able} parties have a signatory",
                "demand fewer, or name signatories");
    }

    void CheckRecords()
    {
        CheckRepeats("records", "dataset", text.Records, r => r.Dataset, r => r.Line);
        foreach (var records in text.Records)
        {
            var owed = Districts(text.DatasetsOwed.Where(d => d.Dataset == records.Dataset).SelectMany(d => d.Areas));
            foreach (var reader in text.Parties.Where(p => records.Readers.Contains(p.Id)))
            {
                if (!Districts(reader.Covered).Overlaps(owed))
                    Add(records.Line, records.Clause, $"{reader.Id} has no area for which the dataset is owed",
                        "leave this reader out");
            }
        }
    }

    void CheckDays(string word, IReadOnlyList<int> days)
    {
        if (days.Distinct().Count() < days.Count)
            Add(root.LineOf("compliance"), "compliance", $"{word} names a day twice", "keep one of them");
    }

    void CheckVersions()
    {
        var changes = text.Changes.OrderBy(c => Number(c.Version)).ToList();
        foreach (var (earlier, later) in changes.Zip(changes.Skip(1)))
        {
            if (Number(later.Version) == Number(earlier.Version) || later.Date < earlier.Date)
                Add(later.Line, later.Clause, $"it does not come after {earlier.Clause}",
                    "give each version its number, and later ones later dates");
        }

        if (changes.Count > 0 && changes[^1].Version != text.Version)
            Add(changes[^1].Line, changes[^1].Clause, "the last change is not that of version",
                "say what changed with the version of the agreement");
    }

    /// <summary>A faulty version was reported where it is read.</summary>
    static Version? Number(string version) => Version.TryParse(version, out var number) ? number : null;

    void CheckQuality()
    {
        foreach (var q in text.Quality.Where(q => q.From > q.To))
            Add(q.Line, q.Clause, "the term ends before it begins", "put from before to");
        CheckRepeats("quality", "dataset and caveat", text.Quality, q => $"{q.Dataset} {q.Caveat}", q => q.Line);
    }

    void CheckRepeats<T>(string section, string what, IEnumerable<T> clauses, Func<T, string> key, Func<T, int> line)
    {
        foreach (var repeat in clauses.GroupBy(key, StringComparer.Ordinal).SelectMany(g => g.Skip(1)))
            Add(line(repeat), section, $"two clauses have the same {what}", "keep one of them, or tell them apart");
    }

    HashSet<string> Districts(IEnumerable<string> areas) =>
        areas.SelectMany(a => districts.TryGetValue(a, out var of) ? of : []).ToHashSet(StringComparer.Ordinal);

    void Add(int line, string clause, string message, string remedy) => root.Faults.Add(line, clause, message, remedy);
}
