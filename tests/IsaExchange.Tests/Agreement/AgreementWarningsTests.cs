using IsaExchange.Agreement;
using IsaExchange.Tests.Outside;
using Xunit;

namespace IsaExchange.Tests.Agreement;

public sealed class AgreementWarningsTests
{
    static readonly string Small = Write();

    /// <summary>Everybody owes something, somebody is always there, and records are open.</summary>
    static string Write()
    {
        var path = Path.Combine(SharedFolders.Repository, "policies", "refused", "area-owed-by-nobody.yaml");
        return File.ReadAllText(path)
            .Replace("  - { code: X07000002, title: Blueford, kind: district }\n", "")
            .Replace("datasets:\n  - dataset", """
                datasets:
                  - { dataset: police-street-level, party: red-council, areas: [X22000001], cadence: monthly,
                      due_days: 30, basis: local-agreement }
                  - dataset
                """)
            .Replace("retention:\n", "retention:\n  - { dataset: police-street-level, periods: 12 }\n")
            + """

            records:
              - { dataset: police-recorded-crime, readers: relevant-authorities, columns: [area], purposes: [planning] }

            """;
    }

    static IEnumerable<string> Warnings(string yaml)
    {
        var result = AgreementLoader.Parse(yaml, "small.yaml", PolicyVocabulary.Whole);
        Assert.Empty(result.Faults);
        Assert.NotNull(result.Agreement);
        return result.Warnings.Select(w => $"{w.Clause}: {w.Message}");
    }

    static string With(string passage, string instead)
    {
        Assert.Contains(passage, Small);
        return Small.Replace(passage, instead);
    }

    [Fact]
    public void NothingToSay_IsNoWarning() => Assert.Empty(Warnings(Small));

    [Fact]
    public void Sample_IsWarnedOfWhatItSays()
    {
        var result = AgreementLoader.Parse(Northmere.Yaml, "agreement.yaml", PolicyVocabulary.Whole, new(2026, 11, 23));

        Assert.Equal(8, result.Warnings.Count(w => w.Message == "the party owes nothing"));
        Assert.Single(result.Warnings, w => w.Message == "the dataset is received and shared with nobody");
        Assert.Equal(9, result.Warnings.Count);
        Assert.All(result.Warnings, w => Assert.True(w.Line > 1 && w.Remedy.Length > 0));
    }

    [Fact]
    public void StatutoryDatasetWithoutReaders_IsReceivedAndNotShared() => Assert.Equal(
        ["datasets[police-recorded-crime/red-police]: the dataset is received and shared with nobody"],
        Warnings(Small[..Small.IndexOf("records:\n  - { dataset", StringComparison.Ordinal)]));

    [Fact]
    public void RelevantAuthorityThatMayNotRead_IsNamed() => Assert.Equal(
        ["records[police-recorded-crime]: red-council is relevant and may not read it"],
        Warnings(With("readers: relevant-authorities", "readers: [red-police]")));

    [Fact]
    public void InvitedParty_IsNoRelevantAuthority() => Assert.Empty(Warnings(
        With("readers: relevant-authorities", "readers: [red-police]")
            .Replace("kind: unitary-council,", "kind: unitary-council, class: invited,")));

    [Theory]
    [InlineData("from: 2026-04-01, to: 2028-03-31", "from: 2026-04-02, to: 2028-03-31", "1 Apr 2026")]
    [InlineData("from: 2026-04-01, to: 2028-03-31", "from: 2026-04-01, to: 2028-03-30", "31 Mar 2028")]
    [InlineData("areas: all, from", "areas: [X07000001], from", null)]
    public void DayWithoutAnOfficer_IsNamed(string passage, string instead, string? day)
    {
        var cal = "{ party: red-police, person: cal-dow, areas: all, from: 2026-04-01, to: 2028-03-31 }";

        Assert.Equal(
            day is null ? [] : [$"parties[red-police]: nobody is designated for X22000001 from {day}"],
            Warnings(With(cal, cal.Replace(passage, instead))));
    }

    [Fact]
    public void Deputy_FillsAVacancy()
    {
        const string Cal = "{ party: red-police, person: cal-dow, areas: all, from: 2026-04-01, to: 2028-03-31 }";
        var half = Cal.Replace("2028-03-31", "2027-03-31");
        var deputy = Cal.Replace("cal-dow", "ann-bell").Replace("2026-04-01", "2027-04-01")
            .Replace(" }", ", deputy: true }");

        Assert.Equal(
            ["parties[red-police]: nobody is designated for X22000001 from 1 Apr 2027"], Warnings(With(Cal, half)));
        Assert.Empty(Warnings(With(Cal, $"{half}\n  - {deputy}")));
    }

    [Fact]
    public void SuccessionInsideAQuarter_IsAGapInWhatIsOwed()
    {
        var yaml = With("  - { code: X07000001, title: Redford, kind: district }", """
              - { code: X07000001, title: Redford, kind: district, to: 2027-04-30 }
              - { code: X07000003, title: Newford, kind: district, from: 2027-05-01, succeeds: [X07000001] }
            """).Replace("of: [X07000001]", "of: [X07000001, X07000003]");

        Assert.Equal(
            ["areas[X07000003]: it takes over inside an information period, for which then nothing is owed"],
            Warnings(yaml));
        Assert.Empty(Warnings(yaml.Replace("2027-04-30", "2027-03-31").Replace("2027-05-01", "2027-04-01")));
    }

    [Fact]
    public void FaultyAgreement_IsNotWarnedOf() =>
        Assert.Empty(AgreementLoader.Parse(Northmere.With("regime: nhs-2018", "regime: none"), "a.yaml").Warnings);
}
