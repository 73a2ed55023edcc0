using System.Globalization;

namespace IsaExchange.Agreement.Obligations;

/// <summary>The report in sentences that a strategy group reads; numbers first, names of who is missing
/// after.</summary>
public static class ComplianceSentences
{
    const int NamedMax = 6;

    public static IReadOnlyList<string> Of(ComplianceReport report) =>
    [
        Officers(report), .. Vacancies(report), Signatures(report), Returns(report), .. Late(report),
        .. Excepted(report), .. Withheld(report), Shared(report),
    ];

    static string Officers(ComplianceReport report)
    {
        var without = report.Authorities.Where(a => !a.HasOfficer).Select(a =>
            a.Deputies.Count > 0 ? $"{a.Title} (a deputy acts)" : a.Title).ToList();
        return Counted(report.Authorities.Count - without.Count, report.Authorities.Count,
            "authority has", "authorities have") + " a liaison officer" + MissingNames(without);
    }

    static IEnumerable<string> Vacancies(ComplianceReport report) =>
        from authority in report.Authorities
        where authority.HasOfficer && authority.VacantAreas.Count > 0
        select $"Nobody answers for {authority.Title} in {string.Join(", ", authority.VacantAreas)}.";

    static string Signatures(ComplianceReport report)
    {
        var must = report.Authorities.Where(a => a.MustSign).ToList();
        if (must.Count == 0)
            return "The agreement names nobody who signs it.";
        var without = must.Where(a => a.SignTime is null).Select(a => a.Title).ToList();
        return Counted(must.Count - without.Count, must.Count, "authority has", "authorities have")
            + " signed this revision" + MissingNames(without);
    }

    static string Returns(ComplianceReport report)
    {
        var rate = report.Rate;
        if (rate.Expected == 0)
            return "No return fell due in the year before this day.";
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"Of {rate.Expected} {Noun(rate.Expected)} that fell due in the year, {rate.Complete} "
            + $"({Percent(rate.CompleteShare)}) are in, {rate.OnTime} ({Percent(rate.OnTimeShare)}) on time");
        if (rate.Nil > 0)
            text += string.Create(CultureInfo.InvariantCulture, $"; {rate.Nil} of them nil");
        return text + ".";
    }

    static IEnumerable<string> Late(ComplianceReport report)
    {
        var late = report.Missing.Except(report.Excepted).ToList();
        if (late.Count == 0)
        {
            yield return report.Missing.Count == 0
                ? "Nothing is overdue." : "Nothing is overdue beyond an exception that is open.";
            yield break;
        }

        var owing = late.GroupBy(g => g.Party).Select(g => TitleOf(report, g.Key)).ToList();
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"{late.Sum(g => g.Members.Count)} {Noun(late.Sum(g => g.Members.Count))} overdue, from {Listed(owing)}.");
    }

    static IEnumerable<string> Excepted(ComplianceReport report)
    {
        foreach (var group in report.Excepted)
        {
            var until = group.Members.Select(m => m.Standing.Exception!.Until).Min();
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{TitleOf(report, group.Party)} has more time for {group.Dataset}, {group.Period}, "
                + $"until {until:d MMM yyyy}.");
        }
    }

    static IEnumerable<string> Withheld(ComplianceReport report)
    {
        var count = report.Withheld.Sum(g => g.Members.Count);
        if (count > 0)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{count} {Noun(count)} withheld with a reason, by "
                + $"{Listed([.. report.Withheld.Select(g => TitleOf(report, g.Party)).Distinct()])}.");
    }

    static string Shared(ComplianceReport report)
    {
        var closed = report.Datasets.Where(d => !d.IsShared).Select(d => d.Dataset)
            .Distinct(StringComparer.Ordinal).ToList();
        var all = report.Datasets.Select(d => d.Dataset).Distinct(StringComparer.Ordinal).Count();
        return Counted(all - closed.Count, all, "dataset is", "datasets are")
            + " shared: every authority of the area can read the records"
            + (closed.Count == 0 ? "." : $"; received only: {Listed(closed)}.");
    }

    static string Counted(int count, int all, string one, string many) => string.Create(
        CultureInfo.InvariantCulture, $"{count} of {all} {(all == 1 ? one : many)}");

    static string MissingNames(List<string> names) => names.Count == 0 ? "." : $"; missing: {Listed(names)}.";

    static string Listed(List<string> names) => names.Count <= NamedMax
        ? string.Join(", ", names)
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{string.Join(", ", names.Take(NamedMax))} and {names.Count - NamedMax} more");

    static string TitleOf(ComplianceReport report, string party) =>
        report.Authorities.FirstOrDefault(a => a.Party == party)?.Title ?? party;

    static string Noun(int count) => count == 1 ? "return" : "returns";

    /// <summary>Rounded down: only all is 100 %, and only nothing is 0 %.</summary>
    public static string Percent(decimal? share) => share switch
    {
        null => "no rate",
        > 0 and < 0.01m => "under 1 %",
        { } s => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(s * 100)} %"),
    };
}
