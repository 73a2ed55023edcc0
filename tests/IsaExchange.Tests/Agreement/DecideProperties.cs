using CsCheck;
using IsaExchange.Agreement;
using Xunit;

namespace IsaExchange.Tests.Agreement;

/// <summary>Default deny, as laws: a strange word refuses, and what permits is what is written.</summary>
public sealed class DecideProperties
{
    /// <summary>Ids of the right shape that the sample does not hold.</summary>
    static readonly Gen<string> StrangeId =
        Gen.Char["abcdefghijklmnop0123456789"].Array[1, 12].Select(c => "zz" + new string(c));

    static readonly Gen<AccessRequest> Permitted = Gen.OneOf(Northmere.Permitted.Select(c => c.Request).ToArray());

    static readonly Gen<InformationPeriod> OddPeriod =
        from start in Gen.Int[0, 3_000_000]
        from days in Gen.Int[0, 400]
        let period = new InformationPeriod(DateOnly.FromDayNumber(start), DateOnly.FromDayNumber(start + days))
        where !period.IsMonth && !period.IsQuarter
        select period;

    [Fact]
    public void StrangeWordAnywhere_IsRefused()
    {
        var strange =
            from request in Permitted
            from id in StrangeId
            from field in Gen.Int[0, 7]
            select field switch
            {
                0 => request with { Party = id },
                1 => request with { Dataset = id },
                2 => request with { Areas = [.. request.Areas, id] },
                3 => request with { Feed = id },
                4 => request with { Purpose = id },
                5 => request with { Caller = Principal.ForPerson(id) },
                6 => request with { Caller = new Principal(id) },
                _ => request with { Verb = (Verb)(100 + id.Length) },
            };

        strange.Sample(request => Northmere.Agreement.Decide(request) is Refusal);
    }

    [Fact]
    public void OddPeriod_IsRefusedByEveryVerb() =>
        (from request in Permitted from period in OddPeriod select request with { Period = period })
            .Sample(request => Northmere.Agreement.Decide(request) is Refusal { Reason: "PERIOD_NOT_ALIGNED" });

    [Fact]
    public void AnyPeriodAtAll_IsDecidedWithoutException()
    {
        var any =
            from request in Permitted
            from start in Gen.Int[0, DateOnly.MaxValue.DayNumber]
            from end in Gen.Int[0, DateOnly.MaxValue.DayNumber]
            from month in Gen.Bool
            let first = DateOnly.FromDayNumber(start)
            let period = month && first.Year < 9999
                ? InformationPeriod.Month(first.Year, first.Month)
                : new InformationPeriod(first, DateOnly.FromDayNumber(end))
            select request with { Period = period };

        any.Sample(request => Northmere.Agreement.Decide(request) is not null);
        Northmere.Permitted.ToList().ForEach(c => Assert.NotNull(
            Northmere.Agreement.Decide(c.Request with { Period = new(new(9999, 11, 1), new(9999, 12, 1)) })));
    }

    [Fact]
    public void AnyInstant_IsDecidedWithoutException() =>
        (from request in Permitted from ticks in Gen.Long[0, DateTime.MaxValue.Ticks]
         select request with { Time = new DateTimeOffset(ticks, TimeSpan.Zero) })
            .Sample(request => Northmere.Agreement.Decide(request) is not null);

    [Fact]
    public void EveryRefusal_SaysWhyInItsOwnWordsOnly()
    {
        var any =
            from one in Gen.OneOf(Northmere.Cases.Select(c => c.Request).ToArray())
            from other in Gen.OneOf(Northmere.Cases.Select(c => c.Request).ToArray())
            from id in StrangeId
            from swap in Gen.Int[0, 63]
            select one with
            {
                Caller = (swap & 1) == 0 ? one.Caller : other.Caller,
                Party = (swap & 2) == 0 ? one.Party : other.Party,
                Dataset = (swap & 4) == 0 ? one.Dataset : id,
                Areas = (swap & 8) == 0 ? one.Areas : other.Areas,
                Feed = (swap & 16) == 0 ? one.Feed : other.Feed,
                Purpose = (swap & 32) == 0 ? one.Purpose : id,
            };

        any.Sample(request =>
        {
            if (Northmere.Agreement.Decide(request) is not Refusal refusal)
                return;
            Assert.Contains(refusal.Reason, RefusalReasons.All);
            Assert.NotEmpty(refusal.Clause);
            Assert.EndsWith(".", refusal.Explanation);
            Assert.DoesNotContain("zz", refusal.Explanation + refusal.Clause);
            // Whoever may know why may also know whom to ring.
            Assert.True(refusal.Contact is not null || !refusal.ResourceKnownToCaller);
            if (refusal.Reason == RefusalReasons.UnknownCaller)
                Assert.False(refusal.ResourceKnownToCaller);
        });
    }

    [Fact]
    public void AnotherPartysBusiness_IsNeverPermittedNorExplained()
    {
        var parties = Northmere.Agreement.Parties.Select(p => p.Id).ToArray();
        // Of everybody's concern, or for a steward or auditor of every party.
        Verb[] open =
            [Verb.ReadObligations, Verb.GrantException, Verb.SendReminder, Verb.MakeRequest, Verb.ReadRecords];
        Principal[] forEveryParty = [Principal.ForPerson("tom-ellery"), Principal.ForPerson("nia-bevan")];
        var others =
            from request in Permitted
            where request.Party is not null && !open.Contains(request.Verb) && !forEveryParty.Contains(request.Caller)
            from party in Gen.OneOf(parties)
            where party != request.Party
            select request with { Party = party };

        others.Sample(request => Northmere.Agreement.Decide(request) is Refusal { ResourceKnownToCaller: false });
    }
}
