using IsaExchange.Agreement;
using Xunit;

namespace IsaExchange.Tests.Agreement;

public sealed class AgreementClausesTests
{
    static readonly IReadOnlyList<ClausePage> Pages = AgreementClauses.Of(Northmere.Agreement);

    [Fact]
    public void EveryClause_SaysWhatComesOfIt() => Assert.All(Pages, page =>
    {
        Assert.NotEmpty(page.Words);
        Assert.EndsWith(".", page.EnforcedBy);
    });

    [Fact]
    public void EverySectionOfTheSample_IsThere() => Assert.Equal(
        Northmere.Yaml.Split('\n').Where(l => l.Length > 0 && char.IsAsciiLetterLower(l[0]))
            .Select(l => l[..l.IndexOf(':')]).Order(),
        Pages.Select(p => p.Section).Distinct().Order());

    /// <summary>Whoever is refused can look up the clause that refuses.</summary>
    [Fact]
    public void ClauseOfEveryRefusal_CanBeLookedUp()
    {
        // A stage has no clause; these sections are named as a whole, so is whatever is in no clause at all.
        string[] notWritten = ["suspension", "retirement", "officers, roles"];
        var named = Northmere.Cases.Where(c => c.Reason is not null).Select(c => c.Clause).Except(notWritten);

        Assert.Empty(named.Except(Pages.Select(p => p.Clause)).Except(Pages.Select(p => p.Section)));
    }

    [Fact]
    public void Words_AreThoseOfTheClause()
    {
        var page = Pages.Single(p => p.Clause == "feeds[admissions-by-csp]");

        Assert.Contains(("regime", "nhs-2018"), page.Words);
        Assert.Contains(("purposes", "partnership-plan, strategic-assessment"), page.Words);
    }
}
