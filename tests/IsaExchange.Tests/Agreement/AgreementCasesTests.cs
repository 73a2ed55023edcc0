using IsaExchange.Agreement;
using IsaExchange.Tests.Outside;
using Xunit;

namespace IsaExchange.Tests.Agreement;

/// <summary>Every partnership's own expectations of its agreement.</summary>
public sealed class AgreementCasesTests
{
    public static TheoryData<string> Partnerships { get; } =
    [
        .. Directory.GetDirectories(Path.Combine(SharedFolders.Repository, "policies"))
            .Where(folder => File.Exists(Path.Combine(folder, "cases.yaml")))
            .Select(folder => Path.GetRelativePath(SharedFolders.Repository, folder)),
    ];

    [Theory]
    [MemberData(nameof(Partnerships))]
    public void EveryCase_IsDecidedAsExpected(string folder)
    {
        var root = Path.Combine(SharedFolders.Repository, folder);
        var loaded = AgreementLoader.Load(Path.Combine(root, "agreement.yaml"));
        var cases = AgreementCases.Parse(File.ReadAllText(Path.Combine(root, "cases.yaml")), $"{folder}/cases.yaml");

        Assert.Empty(loaded.Faults);
        Assert.Empty(cases.Faults);
        Assert.NotEmpty(cases.Cases);
        Assert.Empty(cases.Cases.Select(c => c.Mismatch(loaded.Agreement!)).OfType<string>());
    }

    [Fact]
    public void SampleCases_MeetEveryReasonAndEveryVerb()
    {
        Assert.Empty(RefusalReasons.All.Except(Northmere.Cases.Select(c => c.Reason!)).Except(["ROLE_NOT_IN_TERM"]));
        Assert.Empty(Enum.GetValues<Verb>().Except(Northmere.Permitted.Select(c => c.Request.Verb)));
    }

    [Theory]
    [InlineData("decision: permit", "decision: allow", "decision is not a word of the language", 7)]
    [InlineData("verb: submit", "verb: delete", "verb is not a word of the language", 4)]
    [InlineData("time: 2026-10-05T09:00:00Z", "time: 2026-10-05", "time is not an instant", 5)]
    [InlineData("party: northmere-police", "parties: northmere-police", "'parties' is not a word of the language", 6)]
    [InlineData("clause: x", "reason: NOT_A_READER\n    clause: x", "'reason' is not a word of the language", 8)]
    [InlineData("decision: permit", "decision: refuse\n    reason: BECAUSE", "reason is not a word of the language", 8)]
    [InlineData("party: northmere-police", "period: 2026-Q3", "period is not a period", 6)]
    [InlineData("clause: x", "", "clause is missing", 2)]
    [InlineData("clause: x", "stage: asleep\n    clause: x", "stage is not a word of the language", 8)]
    [InlineData("clause: x", "unsigned: nobody\n    clause: x", "unsigned is not a list with something in it", 8)]
    [InlineData("clause: x", "exceptions: []\n    withdrawn: 1\n    clause: x", "withdrawn is not a list", 9)]
    public void FaultyCase_IsRefusedWithItsLine(string passage, string instead, string message, int line)
    {
        const string Yaml = """
            cases:
              - name: one
                caller: urn:isaexchange:person:amara-okafor
                verb: submit
                time: 2026-10-05T09:00:00Z
                party: northmere-police
                decision: permit
                clause: x
            """;
        Assert.Empty(AgreementCases.Parse(Yaml, "cases.yaml").Faults);
        var read = AgreementCases.Parse(Yaml.Replace(passage, instead), "cases.yaml");

        Assert.Empty(read.Cases);
        Assert.Equal((message, line), (Assert.Single(read.Faults).Message, read.Faults[0].Line));
    }

    [Fact]
    public void WrongExpectation_IsAMismatchThatSaysWhere()
    {
        var permitted = Northmere.Permitted.First();
        var refused = Northmere.Cases.First(c => c.Reason is not null);
        AgreementCase[] wrong =
        [
            permitted with { Clause = "officers[nobody]" },
            permitted with { Reason = "NOT_A_READER" },
            refused with { Reason = null },
            refused with { Reason = "NOT_A_READER" },
            refused with { Clause = "to" },
            refused with { IsHidden = !refused.IsHidden },
        ];

        Assert.All(
            wrong,
            c => Assert.StartsWith($"cases.yaml({c.Line}): {c.Name}: expected ", c.Mismatch(Northmere.Agreement)));
    }
}
