using System.Globalization;

namespace IsaExchange.Agreement.Language;

/// <summary>What an agreement may say, and what its partnership should know that it says.</summary>
sealed class AgreementWarnings(AgreementText text, AgreementFaults warnings)
{
    readonly Dictionary<string, HashSet<string>> districts = Geographies.DistrictsByArea(text.Areas);

    public void Run()
    {
        CheckShared();
        foreach (var party in text.Parties)
        {
            if (text.DatasetsOwed.All(d => d.Party != party.Id))
                warnings.Add(party.Line, party.Clause, "the party owes nothing", "add what it owes under datasets");
            CheckVacancy(party);
            CheckChange(party.Line, party.Clause, party.From, party.Succeeds);
        }

        foreach (var area in text.Areas)
            CheckChange(area.Line, area.Clause, area.From, area.Succeeds);
    }

    void CheckShared()
    {
        foreach (var owed in text.DatasetsOwed.Where(d => d.IsStatutory).DistinctBy(d => d.Dataset))
        {
            const string Remedy = "open it under records: section 17A wants every relevant authority to have it";
            var records = text.Records.FirstOrDefault(r => r.Dataset == owed.Dataset);
            if (records is null)
                warnings.Add(owed.Line, owed.Clause, "the dataset is received and shared with nobody", Remedy);
            else if (records.Readers.Count > 0
                && Relevant(owed.Dataset).Except(records.Readers).FirstOrDefault() is { } party)
                warnings.Add(records.Line, records.Clause, $"{party} is relevant and may not read it", Remedy);
        }
    }

    IEnumerable<string> Relevant(string dataset)
    {
        var owed = Districts(text.DatasetsOwed.Where(d => d.Dataset == dataset).SelectMany(d => d.Areas));
        return text.Parties
            .Where(p => p.Class == PartyClause.Responsible && Districts(p.Covered).Overlaps(owed)).Select(p => p.Id);
    }

    /// <summary>The first days of the term for which somebody owes and nobody is designated.</summary>
    void CheckVacancy(PartyClause party)
    {
        var first = Terms.Latest(text.From, party.From);
        var last = Terms.Earliest(text.To, party.To);
        foreach (var area in text.DatasetsOwed.Where(d => d.Party == party.Id).SelectMany(d => d.Areas).Distinct())
        {
            var covered = first;
            var officers = text.Officers.Where(o => o.Party == party.Id && Reaches(o, area));
            foreach (var officer in officers.OrderBy(o => o.From))
            {
                if (officer.From > covered)
                    break;
                covered = Terms.Latest(covered, officer.To.AddDays(1));
            }

            if (covered > last)
                continue;
            var day = covered.ToString("d MMM yyyy", CultureInfo.InvariantCulture);
            warnings.Add(party.Line, party.Clause, $"nobody is designated for {area} from {day}",
                "designate a liaison officer or a deputy for every day of the term");
            return;
        }
    }

    bool Reaches(OfficerClause officer, string area) => Districts([area]).IsSubsetOf(Districts(officer.Areas));

    void CheckChange(int line, string clause, DateOnly? from, IReadOnlyList<string> succeeds)
    {
        if (succeeds.Count > 0 && from is { } day && InformationPeriod.QuarterContaining(day).Start != day)
            warnings.Add(line, clause, "it takes over inside an information period, for which then nothing is owed",
                "let it take over on the first day of January, April, July or October");
    }

    HashSet<string> Districts(IEnumerable<string> areas) =>
        areas.SelectMany(a => districts[a]).ToHashSet(StringComparer.Ordinal);
}
