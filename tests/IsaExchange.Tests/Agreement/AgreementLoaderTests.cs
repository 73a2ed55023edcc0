using CsCheck;
using IsaExchange.Agreement;
using Xunit;

namespace IsaExchange.Tests.Agreement;

public sealed class AgreementLoaderTests
{
    [Fact]
    public void Sample_IsReadWhole()
    {
        var a = Northmere.Agreement;

        Assert.Equal(("northmere", "northmere-county-council"), (a.Id, a.Owner));
        Assert.Equal((11, 10, 18, 12), (a.Parties.Count, a.Areas.Count, a.People.Count, a.Officers.Count));
        Assert.Equal((3, 4, 3, 4, 3, 3), (
            a.Senders.Count, a.Roles.Count, a.Purposes.Count, a.DatasetsOwed.Count, a.Feeds.Count, a.Retention.Count));
        Assert.Equal(new DateOnly(2030, 6, 30), a.ReviewGraceEnd);
        Assert.Equal(["area", "si_group", "month"], a.Feeds[0].Tables[1].Dimensions);
        Assert.Equal(Northmere.Yaml, a.SourceYaml);
        Assert.Matches("^[0-9a-f]{64}$", a.Revision);
    }

    [Fact]
    public void AllFaults_AreListedInOneGoByLine()
    {
        var yaml = Northmere.With("owner: northmere-county-council", "owner: nobody")
            .Replace("to: 2031-03-31\nreview", "to: soon\nreview")
            .Replace("grace_days: 90", "grace_days: many")
            .Replace("regime: nhs-2018", "regime: none")
            .Replace("{ dataset: hospital-admissions, periods: 12 }", "{ dataset: hospital-admissions, years: 3 }");
        var result = AgreementLoader.Parse(yaml, "agreement.yaml");

        Assert.Null(result.Agreement);
        Assert.Equal(
            ["'nobody' is not in parties", "to is not a date", "grace_days is not a whole number from 0 to 366",
                "regime is not a word of the language", "periods is missing", "'years' is not a word of the language"],
            result.Faults.Select(f => f.Message)
                .Except(["the term ends before it begins", "the review is not due within the term"]));
        Assert.Equal(result.Faults.Select(f => f.Line).Order(), result.Faults.Select(f => f.Line));
    }

    [Fact]
    public void Fault_NamesFileLineClauseAndRemedy()
    {
        var result = AgreementLoader.Parse(Northmere.With("regime: nhs-2018", "regime: none"), "agreement.yaml");

        var line = Northmere.Yaml.Split('\n').Index().Single(l => l.Item.Contains("regime: nhs-2018")).Index + 1;
        var fault = Assert.Single(result.Faults);
        Assert.Equal(("agreement.yaml", line, "feeds[admissions-by-csp]"), (fault.File, fault.Line, fault.Clause));
        Assert.Equal("use one of: sticky-5, suppress, nhs-2018, open", fault.Remedy);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# only a comment\n")]
    [InlineData("just words\n")]
    [InlineData("- a\n- list\n")]
    [InlineData("? [a, b]\n: c\n")]
    [InlineData("a: b: c\n")]
    [InlineData("\t\n")]
    [InlineData("{{{{{{{{{{{{{{{{{{{{{{{{{{")]
    public void WhatIsNoAgreement_IsAFaultAndNoException(string yaml)
    {
        var result = AgreementLoader.Parse(yaml, "agreement.yaml");

        Assert.Null(result.Agreement);
        Assert.NotEmpty(result.Faults);
    }

    [Fact]
    public void DeepNesting_IsAFaultAndNotAStackOverflow()
    {
        var yaml = "agreement: " + new string('[', 100_000) + new string(']', 100_000);

        Assert.Equal("this is not YAML", AgreementLoader.Parse(yaml, "agreement.yaml").Faults[0].Message);
    }

    /// <summary>Any damage at all is a fault or a different agreement, and never an exception.</summary>
    [Fact]
    public void DamagedText_IsAFaultAndNoException() => Gen.Select(
        Gen.Int[0, Northmere.Yaml.Length - 41],
        Gen.Int[0, 40],
        Gen.OneOf(
            "", "[", "]", "{", "}", ":", "- ", "#", "\"", "'", "\n", "\t", "&a ", "*a", "!x ", "|", ">", "? ", "%",
            "---\n", "\0", "\uD800", ", "))
        .Sample((at, cut, put) =>
        {
            var yaml = Northmere.Yaml[..at] + put + Northmere.Yaml[(at + cut)..];
            var result = AgreementLoader.Parse(yaml, "agreement.yaml");
            Assert.True(result.Agreement is null == result.Faults.Count > 0);
            Assert.All(result.Faults, f => Assert.InRange(f.Line, 1, yaml.Count(c => c == '\n') + 2));
        });

    [Fact]
    public void DatasetVocabulary_ChecksDatasetsAndDimensions()
    {
        var whole = new DatasetVocabulary(new Dictionary<string, IReadOnlyCollection<string>>
        {
            ["police-recorded-crime"] = ["si_group", "offence"],
            ["police-street-level"] = ["crime_type"],
            ["hospital-admissions"] = ["block"],
        });
        var poor = new DatasetVocabulary(new Dictionary<string, IReadOnlyCollection<string>>
        {
            ["police-recorded-crime"] = ["offence"],
            ["police-street-level"] = ["crime_type"],
        });

        Assert.Empty(AgreementLoader.Parse(Northmere.Yaml, "agreement.yaml", whole).Faults);
        Assert.Equal(
            ["datasets[hospital-admissions/northmere-west-health]",
                "datasets[hospital-admissions/northmere-east-health]",
                "feeds[recorded-crime-by-csp].tables[area-by-group]",
                "feeds[recorded-crime-by-csp].tables[area-by-group-by-month]"],
            AgreementLoader.Parse(Northmere.Yaml, "agreement.yaml", poor).Faults.Select(f => f.Clause));
    }

    [Fact]
    public void OfficerDesignatedAgainAfterABreak_HasAClauseForEachTerm()
    {
        var agreement = Northmere.Loaded(Northmere.With(
            "person: amara-okafor, areas: all, from: 2026-04-01, to: 2031-03-31 }",
            "person: amara-okafor, areas: all, from: 2026-04-01, to: 2026-12-31 }\n"
            + "  - { party: northmere-police, person: amara-okafor, areas: all, from: 2027-07-01, to: 2031-03-31 }"));

        Assert.Equal(
            ["officers[northmere-police/amara-okafor@2026-04-01]",
                "officers[northmere-police/amara-okafor@2027-07-01]"],
            agreement.Officers.Where(o => o.Person == "amara-okafor").Select(o => o.Clause));
        Assert.Equal(["ben-hartley"], agreement.OfficersOn("northmere-police", new(2027, 3, 1)).Select(o => o.Person));
    }

    [Fact]
    public void FileThatIsNotUtf8_IsAFault()
    {
        var path = Path.Combine(Path.GetTempPath(), $"isax-{Guid.NewGuid():N}.yaml");
        File.WriteAllBytes(path, [.. "title: caf"u8, 0xE9, (byte)'\n']);
        try
        {
            Assert.Equal("the file is not UTF-8", Assert.Single(AgreementLoader.Load(path).Faults).Message);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void MissingFile_IsAFaultOfTheWorld()
    {
        var path = Path.Combine(Path.GetTempPath(), "isax-none.yaml");

        Assert.Throws<FileNotFoundException>(() => AgreementLoader.Load(path));
    }
}
