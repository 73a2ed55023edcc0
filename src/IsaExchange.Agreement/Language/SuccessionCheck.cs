namespace IsaExchange.Agreement.Language;

/// <summary>
/// Whether parties and areas follow one another day by day: nobody can owe in a gap, and where two overlap the same
/// thing would be owed twice.
/// </summary>
sealed class SuccessionCheck(AgreementText text, AgreementFaults faults)
{
    sealed record Member(
        string Id, string Clause, int Line, DateOnly? From, DateOnly? To, IReadOnlyList<string> Succeeds);

    public void Run()
    {
        Check([.. text.Parties.Select(p => new Member(p.Id, p.Clause, p.Line, p.From, p.To, p.Succeeds))]);
        Check([.. text.Areas.Select(a => new Member(a.Code, a.Clause, a.Line, a.From, a.To, a.Succeeds))]);
        CheckParts();
    }

    void Check(IReadOnlyList<Member> members)
    {
        foreach (var later in members)
        {
            foreach (var earlier in members.Where(m => later.Succeeds.Contains(m.Id)))
                CheckPair(members, earlier, later);
        }
    }

    void CheckPair(IReadOnlyList<Member> members, Member earlier, Member later)
    {
        if (Precedes(members, later, earlier))
            faults.Add(later.Line, later.Clause, "the succession goes in a circle", "leave one succeeds out");
        else if (earlier.To is null)
            faults.Add(earlier.Line, earlier.Clause, $"{later.Id} succeeds it, and it has no last day", "write to");
        else if (later.From is null)
            faults.Add(later.Line, later.Clause, $"it succeeds {earlier.Id} and has no first day", "write from");
        else if (later.From <= earlier.To)
            faults.Add(later.Line, later.Clause, $"it begins before {earlier.Id} has ended",
                "begin on the day after the other's last");
        else if (later.From > earlier.To.Value.AddDays(1))
            faults.Add(later.Line, later.Clause, $"there is a gap after {earlier.Id}",
                "begin on the day after the other's last");
    }

    /// <summary>Whether the one comes before the other, however far back, or is the same.</summary>
    static bool Precedes(IReadOnlyList<Member> members, Member one, Member other)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<Member>([other]);
        while (open.TryPop(out var member))
        {
            if (member.Id == one.Id)
                return true;
            if (!seen.Add(member.Id))
                continue;
            foreach (var before in members.Where(m => member.Succeeds.Contains(m.Id)))
                open.Push(before);
        }

        return false;
    }

    void CheckParts()
    {
        var districts = Geographies.DistrictsByArea(text.Areas.DistinctBy(a => a.Code));
        foreach (var party in text.Parties)
        {
            var whole = party.Areas.SelectMany(Of).ToHashSet(StringComparer.Ordinal);
            foreach (var part in party.PartsOf.Where(part => Of(part).Any(whole.Contains)))
                faults.Add(party.Line, party.Clause, $"it covers {part} in part and as a whole", "keep one of the two");
        }

        IEnumerable<string> Of(string area) => districts.TryGetValue(area, out var of) ? of : [];
    }
}
