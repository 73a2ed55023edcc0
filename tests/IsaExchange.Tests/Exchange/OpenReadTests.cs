using IsaExchange.Agreement;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Tests.Exchange.Notifying;
using IsaExchange.Tests.Exchange.Register;
using Xunit;

namespace IsaExchange.Tests.Exchange;

/// <summary>A read of records goes on under the revision and the submissions it began with, or not at all.</summary>
public sealed class OpenReadTests
{
    const string Crime = "police-recorded-crime";

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    static Caller Analyst { get; } = new(Principal.ForPerson("priya-raman"), new string('0', 64));

    static Task<OpenedRecords> OpenAsync(
        NoticeStage stage, (AgreementGate Gate, AuditTrail Trail, SqliteCatalogue Catalogue) journey)
    {
        var (gate, trail, catalogue) = journey;
        var asked = new RecordsAsked(
            new SubmissionName("northmere", "northmere-police", Crime, ""),
            InformationPeriod.Quarter(new DateOnly(2026, 4, 1)), ["X22000001"])
        {
            Purpose = "problem-solving",
        };
        // Nothing is sent here: neither the store nor a key is asked for.
        return new ReadRecords(
            gate, trail, new Freezes(gate, trail, catalogue, stage.Clock), catalogue, null!, null!)
            .OpenAsync(Analyst, asked, Stop);
    }

    [Fact]
    public async Task AnotherRevisionInForce_EndsTheStream()
    {
        await using var stage = await NoticeStage.AtAsync("2026-08-01T09:00:00Z", Stop);
        await stage.AddAsync(stage.Submission(Crime, "X22000001", SubmissionState.Submitted));
        var journey = stage.Journey();
        var opened = await OpenAsync(stage, journey);
        stage.Clock.Advance(TimeSpan.FromMinutes(1));
        await opened.RecheckAsync(Stop);

        await stage.ReplaceAsync(
            SampleRegister.Yaml.Replace(
                "columns: [area, si_group, offence, event_date]", "columns: [area, si_group]",
                StringComparison.Ordinal),
            Stop);
        var ended = await Assert.ThrowsAsync<ExchangeException>(() => opened.RecheckAsync(Stop));
        Assert.Equal((ProblemKind.Aborted, "AGREEMENT_CHANGED"), (ended.Kind, ended.Reason));
        Assert.Equal(1, await journey.Catalogue.ReadAsync(
            db => Task.FromResult(db.Events.Count(e => e.Json!.Contains("AGREEMENT_CHANGED"))), Stop));
        Assert.Equal(["area", "si_group"], (await OpenAsync(stage, journey)).Selected.Columns);
    }

    [Theory]
    [InlineData(SubmissionState.Superseded, "SOURCES_CHANGED")]
    [InlineData(SubmissionState.Erased, "ERASED")]
    [InlineData(SubmissionState.Withdrawn, "WITHDRAWN")]
    [InlineData(SubmissionState.Submitted, null)]
    public async Task SourceThatIsReplacedBeforeTheReadIsLogged_RefusesIt(SubmissionState state, string? reason)
    {
        await using var stage = await NoticeStage.AtAsync("2026-08-01T09:00:00Z", Stop);
        var row = stage.Submission(Crime, "X22000001", state);
        await stage.AddAsync(row);
        var (gate, trail, catalogue) = stage.Journey();
        var freezes = new Freezes(gate, trail, catalogue, stage.Clock);
        var from = ReadFrom.Contents([row.Id]) with { NeedsStanding = true };
        var read = new AuditEvent(AuditActions.ReadRecords, row.Name);

        var said = await Record.ExceptionAsync(() => freezes.RecordAsync(from, [read], Stop));
        Assert.Equal(reason, (said as ExchangeException)?.Reason);
        Assert.Equal(reason is null ? 0 : 1, await catalogue.ReadAsync(
            db => Task.FromResult(db.Events.Count(e => e.Json!.Contains("\"decision\":\"deny\""))), Stop));
    }
}
