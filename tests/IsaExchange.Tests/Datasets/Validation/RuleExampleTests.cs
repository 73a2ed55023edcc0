using IsaExchange.Datasets.Plausibility;
using IsaExchange.Datasets.Specs;
using IsaExchange.Datasets.Validation;
using IsaExchange.Tests.Datasets.Specs;
using Xunit;

namespace IsaExchange.Tests.Datasets.Validation;

/// <summary>
/// The example on the page of each rule is true: what is called wrong breaks that rule and no other, what is called
/// right breaks none.
/// </summary>
public sealed class RuleExampleTests
{
    public static TheoryData<string> OfFiles => [.. RuleProofs.Files.Keys];

    public static TheoryData<string> OfPeriods => [.. RuleProofs.Periods.Keys];

    [Fact]
    public void EveryRule_HasAnExampleThatIsProven()
    {
        Assert.Equal(
            Rules.All.Select(rule => rule.Code).Order(StringComparer.Ordinal),
            RuleProofs.Files.Keys.Concat(RuleProofs.Periods.Keys).Order(StringComparer.Ordinal));
        Assert.All(Rules.All, rule =>
        {
            Assert.NotEqual("", rule.Example.Wrong);
            Assert.NotEqual("", rule.Example.Right);
            Assert.NotEqual(rule.Example.Wrong, rule.Example.Right);
        });
    }

    [Theory]
    [MemberData(nameof(OfFiles))]
    public void WrongFile_BreaksTheRuleAndNoOther(string code)
    {
        var (proof, text) = (RuleProofs.Files[code], Rules.Find(code)!.Example.Wrong);
        string[] expected = [code, .. proof.With];
        Assert.Equal(expected.Order(StringComparer.Ordinal), Broken(proof, text, proof.Wrong(text), proof.Limits));
    }

    [Theory]
    [MemberData(nameof(OfFiles))]
    public void RightFile_BreaksNoRule(string code)
    {
        var (proof, text) = (RuleProofs.Files[code], Rules.Find(code)!.Example.Right);
        Assert.Empty(Broken(proof, text, proof.Right(text), limits: null));
    }

    [Theory]
    [MemberData(nameof(OfPeriods))]
    public void PeriodsCompared_AreAskedAboutAsTheExampleSays(string code)
    {
        var example = Rules.Find(code)!.Example;
        Assert.Equal([code], Asked(example.Wrong));
        Assert.Empty(Asked(example.Right));

        IEnumerable<string> Asked(string text)
        {
            var (before, now) = RuleProofs.Periods[code](ExampleText.Numbers(text));
            return PeriodComparison.Of(new PlausibilitySpec("kind", Factor: 2, Deviations: 4, Minimum: 20), now, before)
                .Select(finding => finding.Rule.Code).Distinct(StringComparer.Ordinal);
        }
    }

    static IEnumerable<string> Broken(RuleProof proof, string text, byte[] file, ValidationLimits? limits)
    {
        var plan = ExampleFilesTests.Plan(
            TestDatasets.Catalog.Find(proof.Dataset)!, ExampleText.Areas(text), limits);
        return plan.Validate(file).Groups.Select(group => group.Rule).Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
    }
}
