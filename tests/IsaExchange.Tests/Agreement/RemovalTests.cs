using IsaExchange.Agreement;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace IsaExchange.Tests.Agreement;

/// <summary>Nothing is permitted by accident: without any one clause, something that it permitted is refused.</summary>
public sealed class RemovalTests
{
    static readonly string[] Sections =
    [
        "parties", "officers", "purposes", "senders", "roles/analysts", "roles/stewards", "roles/auditors", "datasets",
        "feeds", "records", "signing/signatories",
    ];

    static readonly string?[] Needed =
        ["northmere-police", "northmere-west-health", "northmere-east-health", "problem-solving"];

    public static TheoryData<string, int> Clauses { get; } = new(
        from section in Sections
        from index in Enumerable.Range(0, new AgreementSurgery().Section(section.Split('/')).Children.Count)
        select (section, index));

    [Theory]
    [MemberData(nameof(Clauses))]
    public void WithoutTheClause_SomethingIsNoLongerPermitted(string section, int index)
    {
        var surgery = new AgreementSurgery();
        var clauses = surgery.Section(section.Split('/'));
        var clause = (YamlMappingNode)clauses[index];
        // Parties and purposes are what other clauses refer to; who loses the owner names another.
        var id = section is "parties" or "purposes" ? ((YamlScalarNode)clause["id"]).Value : null;
        if (id == "northmere-county-council")
            ((YamlScalarNode)surgery.Root["owner"]).Value = "northmere-fire";
        surgery.Remove(clauses, clause, id);
        var result = AgreementLoader.Parse(surgery.Write(), "agreement.yaml");

        if (result.Agreement is null)
        {
            // No agreement permits nothing. Only what others build upon may end so: a feed without its dataset, a
            // party that nobody can sign for.
            Assert.True(section is "datasets" or "signing/signatories" || Needed.Contains(id));
            return;
        }

        Assert.Contains(Northmere.Permitted, c => c.Decide(result.Agreement) is Refusal);
        Assert.All(
            Northmere.Cases.Where(c => c.Reason is not null),
            c => Assert.IsType<Refusal>(c.Decide(result.Agreement)));
    }
}
