using IsaExchange.Datasets.CodeLists;
using IsaExchange.Datasets.Validation;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Register;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Tests.Exchange.Storage;
using IsaExchange.Tests.Outside;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IsaExchange.Tests.Exchange.Register;

/// <summary>An edition that something accepted rests on is held to its bytes.</summary>
public sealed class CodeListUsesTests : IDisposable
{
    const string Agreement = "northmere";

    readonly TemporaryFolder _folder = new();
    readonly SqliteCatalogue _catalogue;

    public CodeListUsesTests() => _catalogue = new SqliteCatalogue(Path.Combine(_folder.Path, "catalogue.db"));

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _catalogue.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task TheFirstUse_KeepsTheDigestAndTheNextChangesNothing()
    {
        await _catalogue.CreateAsync(Stop);
        var reasons = Edition("exclusion-reasons", "2020");
        await HoldAsync(SampleRegister.Begin, reasons, reasons);
        await HoldAsync(SampleRegister.Begin.AddDays(9), reasons, Edition("csp", "2019-04"));
        var uses = await UsesAsync();
        Assert.Equal(["csp 2019-04", "exclusion-reasons 2020"], uses.Select(u => $"{u.List} {u.Edition}"));
        Assert.Equal((reasons.MeaningSha256, SampleRegister.Begin.UtcTicks), (uses[1].Sha256, uses[1].Ticks));
        Assert.Empty(await CodeListUses.FaultsAsync(_catalogue, SampleRegister.Policies, Stop));
    }

    [Fact]
    public async Task OtherBytesUnderTheSameName_AreRefusedWithBothDigestsAndTheRemedy()
    {
        await _catalogue.CreateAsync(Stop);
        var used = new string('a', 64);
        await RowAsync("exclusion-reasons", "2020", used);
        var reasons = Edition("exclusion-reasons", "2020");
        var refused = await Assert.ThrowsAsync<ExchangeException>(() => HoldAsync(SampleRegister.Begin, reasons));
        Assert.Equal("CODE_LIST_CHANGED", refused.Reason);
        string[] said =
        [
            "exclusion-reasons", "edition 2020", used, reasons.MeaningSha256, "a correction is a new edition",
        ];
        Assert.All(said, words => Assert.Contains(words, refused.Message, StringComparison.Ordinal));
        var fault = Assert.Single(await CodeListUses.FaultsAsync(_catalogue, SampleRegister.Policies, Stop));
        Assert.All(said, words => Assert.Contains(words, fault, StringComparison.Ordinal));
    }

    [Fact]
    public async Task AnEditionThatIsGone_IsAFaultAndANewOneIsNot()
    {
        await _catalogue.CreateAsync(Stop);
        await RowAsync("exclusion-reasons", "1999", new string('a', 64));
        await RowAsync("exclusion-reasons", "2020", Edition("exclusion-reasons", "2020").MeaningSha256);
        var fault = Assert.Single(await CodeListUses.FaultsAsync(_catalogue, SampleRegister.Policies, Stop));
        Assert.Contains("edition 1999", fault, StringComparison.Ordinal);
        Assert.Contains("no longer there", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Small areas", "Areas", false)]
    [InlineData("valid_from: 2019-04-01", "valid_from: 2018-04-01", true)]
    [InlineData("valid_from: 2019-04-01", "valid_from: 2019-04-01\n    valid_to: 2027-03-31", false)]
    [InlineData("parent_list: \"lad\"", "parent_list: \"csp\"", true)]
    [InlineData("parent_list: \"lad\"", "", true)]
    public void WhatDecidesTheMeaningOfCodes_IsInTheDigest_AndTheEndByALaterEditionIsNot(
        string words, string others, bool isChanged)
    {
        var folder = _folder["codelists", "lsoa"];
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.EnumerateFiles(
            Path.Combine(SharedFolders.Repository, "policies", Agreement, "codelists", "lsoa")))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        var yaml = Path.Combine(folder, "list.yaml");
        var text = File.ReadAllText(yaml);
        Assert.Contains(words, text, StringComparison.Ordinal);
        File.WriteAllText(yaml, text.Replace(words, others, StringComparison.Ordinal));
        var edition = CodeListCatalog.Load(_folder["codelists"], out var faults).Find("lsoa")!.Find("2019-04")!;
        Assert.Empty(faults);
        Assert.Equal(Edition("lsoa", "2019-04").Sha256, edition.Sha256);
        Assert.Equal(isChanged, Edition("lsoa", "2019-04").MeaningSha256 != edition.MeaningSha256);
    }

    [Fact]
    public void WhatAVerdictRestsOn_MustBeHereUnchanged()
    {
        var lists = SampleRegister.Policies.Find(Agreement)!.CodeLists;
        var used = EditionUsed.Of(Edition("lsoa", "2019-04"));
        CodeListUses.CheckPresent([used], lists);
        foreach (var (other, words) in new[]
        {
            (used with { Sha256 = new string('a', 64) }, "was changed since"),
            (used with { Edition = "1999" }, "is no longer there"),
            (used with { List = "gone" }, "is no longer there"),
        })
        {
            var refused = Assert.Throws<ExchangeException>(() => CodeListUses.CheckPresent([used, other], lists));
            Assert.Equal("CODE_LIST_CHANGED", refused.Reason);
            Assert.Contains(words, refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task AnotherAgreementsLists_AreNoneOfIts()
    {
        await _catalogue.CreateAsync(Stop);
        await RowAsync("csp", "2019-04", new string('a', 64), agreement: "elsewhere");
        await HoldAsync(SampleRegister.Begin, Edition("csp", "2019-04"));
        Assert.Empty(await CodeListUses.FaultsAsync(_catalogue, SampleRegister.Policies, Stop));
    }

    [Fact]
    public void AnAgreement_RestsOnEveryEditionOfItsGeography()
    {
        var folder = SampleRegister.Policies.Find(Agreement)!;
        Assert.Equal(["csp 2019-04"],
            CodeListUses.Geography(folder.Agreement, folder.CodeLists).Select(e => $"{e.ListId} {e.Edition}"));
    }

    [Fact]
    public void APlan_NamesTheListsThatItWasMadeOfAndTheirParents()
    {
        var folder = SampleRegister.Policies.Find(Agreement)!;
        var plan = folder.CodeLists is { } lists
            ? new CompiledPlans(lists, ValidationLimits.Default).For(
                SampleRegister.Policies.Datasets.Find("police-street-level")!, new DateOnly(2026, 7, 1),
                new DateOnly(2026, 10, 1), ["X22000001"])
            : null;
        Assert.Equal(
            ["county", "csp", "lad", "lsoa"], plan!.Editions.Select(e => e.ListId).Order(StringComparer.Ordinal));
    }

    static CodeListEdition Edition(string list, string edition) =>
        SampleRegister.Policies.Find(Agreement)!.CodeLists.Find(list)!.Find(edition)!;

    Task<bool> HoldAsync(DateTimeOffset now, params CodeListEdition[] editions) => _catalogue.WriteAsync(
        async db =>
        {
            await CodeListUses.HoldAsync(db, Agreement, editions, now, Stop);
            return true;
        },
        Stop);

    Task<bool> RowAsync(string list, string edition, string sha256, string agreement = Agreement) =>
        _catalogue.WriteAsync(db =>
        {
            db.CodeListUses.Add(new CodeListUseRow
            {
                Agreement = agreement, List = list, Edition = edition, Sha256 = sha256, Ticks = 1,
            });
            return Task.FromResult(true);
        }, Stop);

    Task<List<CodeListUseRow>> UsesAsync() =>
        _catalogue.ReadAsync(db => db.CodeListUses.OrderBy(u => u.List).ToListAsync(Stop), Stop);
}
