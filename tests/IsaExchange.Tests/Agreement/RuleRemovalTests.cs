using IsaExchange.Agreement;
using IsaExchange.Agreement.Deciding;
using Xunit;

namespace IsaExchange.Tests.Agreement;

/// <summary>No rule is there for nothing: without any one of them some case is decided otherwise.</summary>
public sealed class RuleRemovalTests
{
    public static TheoryData<string> Rules { get; } = [.. DecisionRules.All.Select(Name)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void WithoutTheRule_SomeCaseIsDecidedOtherwise(string name)
    {
        var others = DecisionRules.All.Where(rule => Name(rule) != name).ToArray();

        Assert.Equal(DecisionRules.All.Count - 1, others.Length);
        Assert.Contains(Northmere.Cases, c => DecidesOtherwise(c, others));
    }

    [Fact]
    public void WithEveryRule_NoCaseIs() =>
        Assert.DoesNotContain(Northmere.Cases, c => DecidesOtherwise(c, [.. DecisionRules.All]));

    static bool DecidesOtherwise(AgreementCase c, Func<Matter, Objection?>[] rules)
    {
        var agreement = Northmere.Agreement.With(c.Acts.Under(Northmere.Agreement));
        try
        {
            var decision = DecisionRules.Decide(agreement, c.Request, rules);
            return decision.ToString() != agreement.Decide(c.Request).ToString();
        }
        catch (NullReferenceException)
        {
            // What the rule stood before now meets what it never had to: it was needed.
            return true;
        }
    }

    static string Name(Func<Matter, Objection?> rule) => $"{rule.Method.DeclaringType!.Name}.{rule.Method.Name}";
}
