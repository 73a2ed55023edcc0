using IsaExchange.Agreement;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Tests.Exchange.Register;
using IsaExchange.Tests.Exchange.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace IsaExchange.Tests.Exchange;

/// <summary>A permit is for its moment: while a call is open it is asked for again.</summary>
public sealed class AgreementGateTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 7, 1, 9, 0, 0, TimeSpan.Zero));
    readonly SampleRegister _register = new();
    readonly SqliteCatalogue _catalogue;
    readonly PartnershipBook _book;
    readonly AgreementGate _gate;

    public AgreementGateTests()
    {
        _catalogue = new SqliteCatalogue(Path.Combine(_folder.Path, "catalogue.db"));
        var revision = _register.Propose(SampleRegister.Yaml, SampleRegister.Begin);
        _register.Sign(revision, SampleRegister.Begin, 11);
        _register.Reach(revision, AgreementStage.InForce, SampleRegister.Begin.AddHours(1));
        _book = new PartnershipBook(SampleRegister.Policies, _catalogue, _register.Check, new Limits(), _clock);
        _gate = new AgreementGate(_book, new AuditTrail(_catalogue, _clock, "test.example/log"), _clock);
    }

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    static Caller Officer { get; } = new(Principal.ForPerson("amara-okafor"), new string('0', 64));

    async Task<Permit> PermitAsync()
    {
        await _catalogue.CreateAsync(Stop);
        await _register.SaveAsync(_catalogue, Stop);
        var ask = _gate.Request(Officer, Verb.WriteContent) with
        {
            Party = "northmere-police", Dataset = "police-street-level",
        };
        return await _gate.AskAsync(Officer, "northmere", ask, "submit.write", "the-upload", Stop);
    }

    Task<int> EventsAsync() => _catalogue.ReadAsync(db => db.Events.CountAsync(Stop), Stop);

    [Fact]
    public async Task WhatStillHolds_IsPermittedAgainWithoutAnEvent()
    {
        var permit = await PermitAsync();
        _clock.Advance(TimeSpan.FromHours(1));
        await _gate.RecheckAsync(Officer, permit, "submit.write", "the-upload", Stop);
        Assert.Equal(0, await EventsAsync());
    }

    [Fact]
    public async Task AgreementThatEndedMeanwhile_RefusesAndIsRecorded()
    {
        var permit = await PermitAsync();
        _clock.SetUtcNow(LondonTime.EndOf(_gate.Find("northmere", "").Agreement.To).AddSeconds(1));
        var refused = await Assert.ThrowsAsync<RefusedException>(() =>
            _gate.RecheckAsync(Officer, permit, "submit.write", "the-upload", Stop));
        Assert.Equal(RefusalReasons.AgreementNotInForce, refused.Refusal.Reason);
        Assert.Equal(1, await EventsAsync());
    }

    [Fact]
    public async Task Hidden_IsAnsweredAlsoWhereTheClockLeapsBetweenTwoLooks()
    {
        var clock = new LeapingClock(TimeSpan.FromMilliseconds(15));
        var gate = new AgreementGate(_book, new AuditTrail(_catalogue, clock, "test.example/log"), clock);
        var hidden = await gate.HiddenAsync("agreements/northmere", clock.GetTimestamp(), Stop);
        Assert.Equal(ProblemKind.NotFound, hidden.Kind);
    }

    /// <summary>As on a machine that has no time for us: each look at the clock is later by so much.</summary>
    sealed class LeapingClock(TimeSpan leap) : TimeProvider
    {
        long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Add(ref _ticks, leap.Ticks);
    }

    public void Dispose()
    {
        _book.Dispose();
        _catalogue.Dispose();
        _register.Dispose();
        _folder.Dispose();
    }
}
