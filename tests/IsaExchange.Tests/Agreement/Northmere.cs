using IsaExchange.Agreement;
using IsaExchange.Tests.Outside;
using Xunit;

namespace IsaExchange.Tests.Agreement;

/// <summary>The sample partnership, its cases, and requests to it in words.</summary>
static class Northmere
{
    static readonly string Folder = Path.Combine(SharedFolders.Repository, "policies", "northmere");

    public static string Yaml { get; } = File.ReadAllText(Path.Combine(Folder, "agreement.yaml"));

    /// <summary>In force, and signed by everybody.</summary>
    public static SharingAgreement Agreement { get; } = Loaded(Yaml);

    public static IReadOnlyList<AgreementCase> Cases { get; } =
        AgreementCases.Parse(File.ReadAllText(Path.Combine(Folder, "cases.yaml")), "cases.yaml").Cases;

    public static IEnumerable<AgreementCase> Permitted => Cases.Where(c => c.Reason is null);

    public static DateOnly Day(string day) => DateOnly.ParseExact(day, "yyyy-MM-dd");

    public static DateTimeOffset Noon(string day) => new(Day(day), new TimeOnly(12, 0), TimeSpan.Zero);

    public static InformationPeriod Period(string iso)
    {
        Assert.True(InformationPeriod.TryParse(iso, out var period), iso);
        return period;
    }

    public static SharingAgreement Loaded(string yaml)
    {
        var result = AgreementLoader.Parse(yaml, "agreement.yaml");
        Assert.True(result.Agreement is not null, string.Join('\n', result.Faults));
        return result.Agreement.With(AgreementActs.SignedByAll(result.Agreement, DateTimeOffset.UnixEpoch));
    }

    /// <summary>The sample with one passage rewritten; the passage must stand there exactly once.</summary>
    public static string With(string passage, string instead)
    {
        Assert.Equal(2, Yaml.Split(passage).Length);
        return Yaml.Replace(passage, instead);
    }

    public static Refusal Refused(Decision decision) => Assert.IsType<Refusal>(decision);
}
