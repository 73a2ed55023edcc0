using IsaExchange.Agreement;
using IsaExchange.Agreement.Obligations;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Tests.Exchange.Notifying;
using IsaExchange.Tests.Exchange.Register;
using Xunit;

namespace IsaExchange.Tests.Exchange;

/// <summary>A return is withheld under the revision that its period was owed by, whatever rules today.</summary>
public sealed class WithholdReturnTests
{
    const string Feed = "- id: admissions-by-csp";

    /// <summary>The west does not owe its admissions for the second partnership any more.</summary>
    static readonly string Narrower =
        SampleRegister.Yaml.Split(Feed)[0].Replace(
            "party: northmere-west-health\n    areas: [X22000001, X22000002]",
            "party: northmere-west-health\n    areas: [X22000001]", StringComparison.Ordinal)
        + Feed + SampleRegister.Yaml.Split(Feed)[1].Replace(
            "areas: [X22000001, X22000002, X22000003, X22000004]",
            "areas: [X22000001, X22000003, X22000004]", StringComparison.Ordinal)
            .Replace("      - brackenford-council\n", "", StringComparison.Ordinal);

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    static Caller Officer { get; } = new(Principal.ForPerson("fatima-noor"), new string('0', 64));

    static NewWithholding Wanted { get; } = new(
        new SubmissionName("northmere", "northmere-west-health", "hospital-admissions", ""), [],
        InformationPeriod.Quarter(new DateOnly(2026, 4, 1)), WithheldReasons.NotHeld, "", ValidateOnly: false);

    static async Task<NoticeStage> ReplacedAsync()
    {
        var stage = await NoticeStage.AtAsync("2026-08-01T09:00:00Z", Stop);
        await stage.ReplaceAsync(Narrower, Stop);
        return stage;
    }

    static async Task<WithholdingRow> WithholdAsync(NoticeStage stage)
    {
        var (gate, trail, _) = stage.Journey();
        await gate.Book.RefreshAsync(Stop);
        return await new WithholdReturn(gate, trail, stage.Clock).RunAsync(
            Officer, Wanted, new RequestKey("", ""), Stop);
    }

    [Fact]
    public async Task OldPeriod_IsWithheldForTheAreasThatItWasOwedFor()
    {
        await using var stage = await ReplacedAsync();

        Assert.Equal("X22000001,X22000002", (await WithholdAsync(stage)).Areas);
    }

    [Fact]
    public async Task OldPeriodThatIsIn_CannotBeWithheldThoughTodaysRevisionOwesNoneOfIt()
    {
        await using var stage = await ReplacedAsync();
        await stage.AddAsync(stage.Submission("hospital-admissions", "X22000002", SubmissionState.Submitted));

        var refused = await Assert.ThrowsAsync<ExchangeException>(() => WithholdAsync(stage));
        Assert.Equal("ALREADY_SUBMITTED", refused.Reason);
    }
}
