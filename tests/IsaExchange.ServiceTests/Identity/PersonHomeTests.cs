using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Identity;

/// <summary>Who may give somebody a key: their own party, and for those who sign not just anybody in it.</summary>
[Collection(TokensTogether.Name)]
public sealed class PersonHomeTests(TokenExchange northmere)
{
    const string Chief = "iris-calder";
    const string Person = "urn:isaexchange:person:";

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    CredentialService.CredentialServiceClient As(string who) => new(northmere.Exchange.As(who));

    static EnrolCredentialRequest Key(string parent, string person)
    {
        using var key = SigningRequests.NewKey();
        return new EnrolCredentialRequest
        {
            Parent = parent, Holder = Person + person, CertificateRequest = SigningRequests.Of(key),
        };
    }

    LinkIdentityRequest Link(string parent, string person) => new()
    {
        Parent = parent,
        Identity = new V1.Identity { Issuer = northmere.Provider.Issuer, Subject = "home-" + person, Person = person },
    };

    [Theory]
    [InlineData(Northmere.Steward, "northmere-county-council")]
    [InlineData(Chief, "northmere-police")]
    public async Task DesignatedByAnotherParty_GetsNoKeyOfIt(string victim, string home)
    {
        var deputy = new AppointDeputyRequest { Parent = Northmere.WestHealth, Person = victim };
        await new DirectoryService.DirectoryServiceClient(northmere.Exchange.As(Northmere.WestOfficer))
            .AppointDeputyAsync(deputy, cancellationToken: Stop);
        var before = northmere.Catalogue.Events();
        await Problem.IsAsync("FailedPrecondition HOLDER_OF_ANOTHER_PARTY", async () =>
            await As(Northmere.WestOfficer).EnrolCredentialAsync(Key(Northmere.WestHealth, victim)));
        await Problem.IsAsync("FailedPrecondition HOLDER_OF_ANOTHER_PARTY", async () =>
            await As(Northmere.WestOfficer).LinkIdentityAsync(Link(Northmere.WestHealth, victim)));
        Assert.Equal(
            ["grant.credential deny HOLDER_OF_ANOTHER_PARTY", "grant.identity deny HOLDER_OF_ANOTHER_PARTY"],
            northmere.Catalogue.EventsAfter(before).Where(e => e.Contains("HOLDER_OF", StringComparison.Ordinal)));
        Assert.Equal(2, northmere.Catalogue.Scalar(
            """
            select count(*) from EventSubjects s join Events e on e.Id = s.Event
            where json_extract(e.Json, '$.reason') = 'HOLDER_OF_ANOTHER_PARTY' and s.Party = $home
                and e.Sequence > $before
            """,
            ("$home", home), ("$before", before)));
    }

    [Fact]
    public async Task KeyOfTheSignatory_IsForTheSignatoryToGive()
    {
        foreach (var who in (string[])[Northmere.PoliceDeputy, Northmere.PoliceOfficer])
        {
            await Problem.IsAsync("FailedPrecondition SIGNATORY_REQUIRED", async () =>
                await As(who).EnrolCredentialAsync(Key(Northmere.Police, Chief)));
            await Problem.IsAsync("FailedPrecondition SIGNATORY_REQUIRED", async () =>
                await As(who).LinkIdentityAsync(Link(Northmere.Police, Chief)));
        }

        var enrolled = await As(Chief).EnrolCredentialAsync(Key(Northmere.Police, Chief), cancellationToken: Stop);
        var revoke = new RevokeCredentialRequest { Name = enrolled.Name, Reason = "test" };
        await Problem.IsAsync("FailedPrecondition SIGNATORY_REQUIRED", async () =>
            await As(Northmere.PoliceDeputy).RevokeCredentialAsync(revoke));
        var revoked = await As(Northmere.PoliceOfficer).RevokeCredentialAsync(revoke, cancellationToken: Stop);
        Assert.Equal(Credential.Types.State.Revoked, revoked.State);
        var linked = await As(Chief).LinkIdentityAsync(Link(Northmere.Police, Chief), cancellationToken: Stop);
        var unlink = new UnlinkIdentityRequest { Name = linked.Name };
        await Problem.IsAsync("FailedPrecondition SIGNATORY_REQUIRED", async () =>
            await As(Northmere.PoliceDeputy).UnlinkIdentityAsync(unlink));
        await As(Chief).UnlinkIdentityAsync(unlink, cancellationToken: Stop);
    }
}
