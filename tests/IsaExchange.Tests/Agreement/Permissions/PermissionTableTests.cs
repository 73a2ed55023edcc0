using IsaExchange.Agreement;
using IsaExchange.Tests.Outside;
using Xunit;

namespace IsaExchange.Tests.Agreement.Permissions;

/// <summary>
/// Every verb, asked by everybody, for their own party's matter, another's and one that does not exist, in every state
/// an agreement can be in: decided as <c>permissions.csv</c> says, cell by cell.
/// </summary>
public sealed class PermissionTableTests
{
    static readonly string[] Lines = File.ReadAllLines(InFolder("permissions.csv"));
    static readonly SharingAgreement Written = Load();

    public static TheoryData<string> Verbs => [.. VerbNames.All.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Verbs))]
    public void EveryCell_IsDecidedAsTheTableSays(string verb)
    {
        var states = Lines[0].Split(',')[3..];
        var rows = Lines[1..].Select(line => line.Split(',')).Where(row => row[0] == verb).ToList();
        var differences =
            from row in rows
            from cell in states.Zip(row[3..])
            let decided = Decide(verb, row[1], row[2], cell.First)
            where decided != cell.Second
            select $"{verb} by {row[1]} of {row[2]}, {cell.First}: expected {cell.Second}, decided {decided}";
        Assert.Empty(differences);
        Assert.Equal(Callers, rows.Select(row => row[1]).Distinct());
        TestContext.Current.TestOutputHelper?.WriteLine($"{verb}: {rows.Count * states.Length} cells, 0 differences");
    }

    static readonly string[] Callers =
        ["unattended", "attended", "officer", "deputy", "analyst", "steward", "auditor", "signatory", "stranger"];

    static string Decide(string verb, string caller, string whose, string state)
    {
        _ = VerbNames.TryParse(verb, out var asked);
        var request = About(
            new AccessRequest(As(caller), asked, Time(state)), verb, whose, Whose(verb, caller));
        return InState(state).Decide(request) switch
        {
            Permit => "yes",
            Refusal { ResourceKnownToCaller: false } => "hidden",
            Refusal refusal => refusal.Reason,
            _ => "no decision",
        };
    }

    /// <summary>The matter of a verb: a feed, another authority's records, a party, or the agreement itself.</summary>
    static string Whose(string verb, string caller) => verb switch
    {
        "list-feeds" or "read-release" or "publish-release" or "approve-release" or "retract-release" => "feed",
        "make-request" => "addressee",
        _ => Lines.Any(l => l.StartsWith($"{verb},{caller},any,", StringComparison.Ordinal)) ? "agreement" : "party",
    };

    static AccessRequest About(AccessRequest asked, string verb, string whose, string matter)
    {
        _ = InformationPeriod.TryParse("2026-04-01/P3M", out var period);
        var (party, dataset, feed) = whose switch
        {
            "own" => ("alder-police", "police-recorded-crime", "crime"),
            "other" => ("alder-health", "hospital-admissions", "admissions"),
            _ => ("alder-nobody", "police-recorded-crime", "nothing"),
        };
        var purpose = verb is "read-release" or "read-records" or "export-records" ? "planning" : null;
        return matter switch
        {
            "feed" => asked with { Feed = feed, Purpose = purpose },
            "addressee" => asked with { Party = party },
            "party" => asked with
            {
                Party = party, Dataset = dataset, Areas = ["X22000001"], Period = period, Purpose = purpose,
            },
            _ => asked,
        };
    }

    static Principal As(string caller) => caller switch
    {
        "unattended" or "attended" => Principal.Sender("alder-police", caller),
        "stranger" => Principal.ForPerson("nobody-known"),
        _ => Principal.ForPerson(caller),
    };

    static DateTimeOffset Time(string state) => state switch
    {
        "ended" => Northmere.Noon("2028-06-01"),
        "review-overdue" => Northmere.Noon("2027-06-01"),
        "not-begun" => Northmere.Noon("2026-03-01"),
        _ => Northmere.Noon("2026-10-05"),
    };

    static SharingAgreement InState(string state)
    {
        var signed = AgreementActs.SignedByAll(Written, DateTimeOffset.UnixEpoch);
        var then = Northmere.Noon("2026-09-01");
        return Written.With(state switch
        {
            "draft" => AgreementActs.None,
            "consultation" => new AgreementActs { Stages = [new(AgreementStage.Consultation, then)] },
            "signing" => signed with { Stages = [new(AgreementStage.Signing, then)] },
            "unsigned" => signed with { Signatures = [.. signed.Signatures.Where(s => s.Party != "alder-police")] },
            "suspended" => signed with { Stages = [.. signed.Stages, new(AgreementStage.Suspended, then)] },
            "retired" => signed with { Stages = [.. signed.Stages, new(AgreementStage.Retired, then)] },
            "replaced" => signed with { Stages = [.. signed.Stages, new(AgreementStage.Replaced, then)] },
            "left" => signed with { Withdrawals = [new("alder-police", Northmere.Day("2026-09-30"), then)] },
            _ => signed,
        });
    }

    static SharingAgreement Load()
    {
        var result = AgreementLoader.Load(InFolder("agreement.yaml"));
        return result.Agreement ?? throw new InvalidOperationException(string.Join('\n', result.Faults));
    }

    static string InFolder(string file) => Path.Combine(
        SharedFolders.Repository, "tests", "IsaExchange.Tests", "Agreement", "Permissions", file);
}
