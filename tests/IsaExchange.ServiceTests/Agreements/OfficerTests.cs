using Google.Protobuf;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Agreements;

/// <summary>Officers change without a new revision, and an end counts from its very moment.</summary>
public sealed class OfficerTests(NorthmereExchange northmere) : IClassFixture<NorthmereExchange>
{
    const string Chief = "iris-calder";
    const string PoliceOfficer = "officers[northmere-police/amara-okafor]";

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    DirectoryService.DirectoryServiceClient As(string who) => new(northmere.Exchange.As(who));

    async Task<ListOfficersResponse> ListAsync() => await As(Northmere.Auditor).ListOfficersAsync(
        new ListOfficersRequest { Parent = Northmere.Agreement }, cancellationToken: Stop);

    [Fact]
    public async Task EndedOfficer_IsRefusedAtOnceAndTheDeputyActs()
    {
        Assert.Empty((await ListAsync()).Vacancies);
        await As(Northmere.PoliceOfficer).GetHandoverAsync(
            new GetHandoverRequest { Name = Northmere.Police }, cancellationToken: Stop);
        var ended = await As(Chief).EndDesignationAsync(
            new EndDesignationRequest { Parent = Northmere.Police, Clause = PoliceOfficer, Reason = "moved on" },
            cancellationToken: Stop);
        Assert.False(ended.Current);
        var refused = await Problem.IsAsync("PermissionDenied NOT_DESIGNATED_OFFICER", async () =>
            await As(Northmere.PoliceOfficer).GetHandoverAsync(new GetHandoverRequest { Name = Northmere.Police }));
        Assert.Contains("Ben Hartley", refused["contact"], StringComparison.Ordinal);
        await As(Northmere.PoliceDeputy).GetHandoverAsync(
            new GetHandoverRequest { Name = Northmere.Police }, cancellationToken: Stop);
        var vacancy = Assert.Single((await ListAsync()).Vacancies);
        Assert.Equal(("northmere-police", true), (vacancy.Party, vacancy.DeputyActs));
        await northmere.Police.CreateAsync(northmere.NextSlot());
        await Problem.IsAsync("FailedPrecondition DESIGNATION_OVER", async () => await As(Chief).EndDesignationAsync(
            new EndDesignationRequest { Parent = Northmere.Police, Clause = PoliceOfficer, Reason = "again" }));
        await SuccessorActsAsync();
        await OldTextDoesNotBringThemBackAsync();
    }

    async Task OldTextDoesNotBringThemBackAsync()
    {
        var text = DraftExchange.Yaml.Replace("answer_days: 20", "answer_days: 10", StringComparison.Ordinal);
        var proposed = await northmere.Agreements(Northmere.Steward).ProposeRevisionAsync(
            new ProposeRevisionRequest
            {
                Agreement = Northmere.Agreement, Source = ByteString.CopyFromUtf8(text), ValidateOnly = true,
            },
            cancellationToken: Stop);
        Assert.Equal(PoliceOfficer, Assert.Single(proposed.Faults).Clause);
    }

    /// <summary>An analyst of the police becomes its officer: no new credential, no new revision.</summary>
    async Task SuccessorActsAsync()
    {
        var wanted = new DesignateOfficerRequest
        {
            Parent = Northmere.Police, Person = Northmere.PoliceAnalyst, RequestId = Guid.NewGuid().ToString(),
        };
        var designated = await As(Chief).DesignateOfficerAsync(wanted, cancellationToken: Stop);
        Assert.True(designated.Current);
        var repeated = await As(Chief).DesignateOfficerAsync(wanted, cancellationToken: Stop);
        Assert.Equal(designated.Clause, repeated.Clause);
        Assert.Empty((await ListAsync()).Vacancies);
        var handover = await As(Northmere.PoliceAnalyst).GetHandoverAsync(
            new GetHandoverRequest { Name = Northmere.Police }, cancellationToken: Stop);
        Assert.Contains(handover.Items, i => i.Kind == HandoverItem.Types.Kind.OpenDraft);
        var clash = new DesignateOfficerRequest { Parent = Northmere.Police, Person = Northmere.PoliceDeputy };
        await Problem.IsAsync(
            "FailedPrecondition OFFICERS_OVERLAP", async () => await As(Chief).DesignateOfficerAsync(clash));
    }

    [Fact]
    public async Task SomebodyNew_IsNamedInTheSameCall()
    {
        var wanted = new AppointDeputyRequest { Parent = Northmere.WestHealth, Person = "new-person" };
        await Problem.IsAsync("InvalidArgument PERSON_UNKNOWN",
            async () => await As(Northmere.WestOfficer).AppointDeputyAsync(wanted));
        wanted.PersonName = "Nell Person";
        wanted.Contact = "nell.person@health.northmere.example";
        var deputy = await As(Northmere.WestOfficer).AppointDeputyAsync(wanted, cancellationToken: Stop);
        Assert.Equal(("Nell Person", true, true), (deputy.Person, deputy.Deputy, deputy.Current));
        Assert.Contains((await ListAsync()).Officers, o => o.PersonId == "new-person" && o.Contact == wanted.Contact);
        wanted.PersonName = "Somebody Else";
        await Problem.IsAsync("FailedPrecondition PERSON_KNOWN",
            async () => await As(Northmere.WestOfficer).AppointDeputyAsync(wanted));
    }

    [Fact]
    public async Task OthersPeople_AreNotForMeToName()
    {
        var wanted = new DesignateOfficerRequest { Parent = Northmere.Police, Person = "fatima-noor" };
        await Problem.IsAsync(
            "NotFound NOT_FOUND", async () => await As(Northmere.WestOfficer).DesignateOfficerAsync(wanted));
        await Problem.IsAsync("PermissionDenied NOT_DESIGNATED_OFFICER",
            async () => await As(Northmere.PoliceDeputy).DesignateOfficerAsync(wanted));
        var stray = new AppointDeputyRequest
        {
            Parent = Northmere.WestHealth, Person = "daniel-okoro", Areas = { "X22000004" },
        };
        await Problem.IsAsync("InvalidArgument AREA_NOT_OF_PARTY",
            async () => await As(Northmere.WestOfficer).AppointDeputyAsync(stray));
    }

    [Fact]
    public async Task Notice_IsGivenByTheSignatoryAndKeepsWhatIsDue()
    {
        const string Fire = Northmere.Agreement + "/parties/northmere-fire";
        var notice = new WithdrawPartyRequest { Name = Fire, Reason = "merged" };
        await Problem.IsAsync("NotFound NOT_FOUND",
            async () => await northmere.Agreements(Northmere.WestOfficer).WithdrawPartyAsync(notice));
        notice.LastDay = new Google.Type.Date { Year = 2026, Month = 11, Day = 1 };
        var early = await Problem.OfAsync(
            async () => await northmere.Agreements("jo-trevithick").WithdrawPartyAsync(notice));
        Assert.Equal("FailedPrecondition NOTICE_TOO_SHORT", early.ToString());
        notice.LastDay = null;
        var given = await northmere.Agreements("jo-trevithick").WithdrawPartyAsync(notice, cancellationToken: Stop);
        Assert.Equal(
            DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(90),
            new DateOnly(given.LastDay.Year, given.LastDay.Month, given.LastDay.Day));
        await Problem.IsAsync("FailedPrecondition ALREADY_WITHDRAWN",
            async () => await northmere.Agreements("jo-trevithick").WithdrawPartyAsync(notice));
    }
}
