using IsaExchange.Agreement;
using Xunit;

namespace IsaExchange.Tests.Agreement;

public sealed class AgreementDiffTests
{
    const string Joiner = """
          - { id: farshire-police, title: Farshire Police, kind: police, areas: [X22000001] }
        """;

    const string JoinerSignatory = """
            - { party: farshire-police, person: iris-calder, office: Chief Constable }
        """;

    /// <summary>The sample with a party that joins and what belongs to it.</summary>
    static string Joined => Northmere.Yaml
        .Replace("parties:\n", "parties:\n" + Joiner + "\n")
        .Replace("  signatories:\n", "  signatories:\n" + JoinerSignatory + "\n");

    static AgreementDifferences Diff(string later) =>
        AgreementDiff.Between(Northmere.Agreement, Northmere.Loaded(later));

    [Fact]
    public void SameMeaning_IsNoDifference()
    {
        var surgery = new AgreementSurgery();
        surgery.Shuffle(new Random(7));

        Assert.Empty(Diff(surgery.Write()).Changes);
        Assert.False(Diff(surgery.Write()).IsAccession);
    }

    [Fact]
    public void ChangedWord_IsNamedWithBothValues()
    {
        var change = Assert.Single(Diff(Northmere.With("due_days: 60", "due_days: 45")).Changes);

        Assert.Equal(
            (ClauseChangeKind.Changed, "datasets", "datasets[police-street-level/northmere-police]"),
            (change.Kind, change.Section, change.Clause));
        Assert.Equal(new WordChange("due_days", "60", "45"), Assert.Single(change.Words));
        Assert.Equal(["northmere-police"], change.Parties);
    }

    [Fact]
    public void AddedAndRemovedClauses_AreNamed()
    {
        var later = Northmere.With(
            "    - { party: northmere-police, person: lewis-grant }",
            "    - { party: northmere-fire, person: lewis-grant }");

        Assert.Equal(
            ["Added roles.analysts[northmere-fire/lewis-grant]",
                "Removed roles.analysts[northmere-police/lewis-grant]"],
            Diff(later).Changes.Select(c => $"{c.Kind} {c.Clause}"));
    }

    [Fact]
    public void TopWordsAndSections_AreClausesOfTheirOwn() => Assert.Equal(
        ["title", "review", "accession"],
        Diff(Northmere.Yaml
            .Replace("title: Northmere community", "title: Northmore community")
            .Replace("grace_days: 90", "grace_days: 60")
            .Replace("approvals: 3", "approvals: 2")).Changes.Select(c => c.Clause));

    [Fact]
    public void PartyThatJoins_IsAnAccession()
    {
        var diff = Diff(Joined);

        Assert.Equal(["farshire-police"], diff.JoiningParties);
        Assert.True(diff.IsAccession);
    }

    [Fact]
    public void JoinerAsReader_IsStillOne() => Assert.True(Diff(Joined.Replace(
        "      - eastling-council\n    marking", "      - eastling-council\n      - farshire-police\n    marking"))
        .IsAccession);

    [Fact]
    public void RetentionOfWhatTheJoinerAloneOwes_IsOne()
    {
        const string Owed = "\ndatasets:\n  - { dataset: callouts, party: farshire-police, areas: [X22000001], "
            + "cadence: monthly, due_days: 60, basis: local-agreement }\n";
        var kept = Joined.Replace("\nretention:\n", "\nretention:\n  - { dataset: callouts, periods: 12 }\n")
            .Replace("\ndatasets:\n", Owed);

        Assert.True(Diff(kept).IsAccession);
        Assert.False(Diff(kept.Replace("party: farshire-police, areas", "party: northmere-fire, areas")).IsAccession);
    }

    [Theory]
    [InlineData("due_days: 60", "due_days: 61")]
    [InlineData("quorum: 8", "quorum: 9")]
    [InlineData("approvals: 3", "approvals: 2")]
    [InlineData("      - northmere-probation\n", "")]
    [InlineData("columns: [area, ", "columns: [")]
    [InlineData("readers: relevant-authorities", "readers: [farshire-police, northmere-police]")]
    [InlineData("  stewards:\n", "  stewards:\n    - { party: farshire-police, person: lewis-grant }\n")]
    [InlineData("  auditors:\n", "  auditors:\n    - { party: farshire-police, person: lewis-grant }\n")]
    [InlineData("  analysts:\n", "  analysts:\n    - { party: northmere-fire, person: lewis-grant }\n")]
    [InlineData("sha256: 5f1c", "sha256: 6f1c")]
    [InlineData("deed 2026/114", "deed 2026/115")]
    [InlineData("purposes:\n  -", "purposes:\n  - { id: another, title: Another }\n  -")]
    public void AnythingElseBesides_IsNone(string passage, string instead)
    {
        Assert.True(Diff(Joined).IsAccession);
        var later = Joined.Replace(passage, instead);

        Assert.NotEqual(Joined, later);
        Assert.False(Diff(later).IsAccession);
    }

    [Fact]
    public void SuccessorOfAParty_DoesNotJoinByAccession()
    {
        var later = Joined
            .Replace("kind: police, areas: [X22000001] }",
                "kind: police, areas: [X22000001], from: 2027-04-01, succeeds: [northmere-fire] }")
            .Replace("kind: fire, areas: [X10000001] }", "kind: fire, areas: [X10000001], to: 2027-03-31 }");

        Assert.False(Diff(later).IsAccession);
    }
}
