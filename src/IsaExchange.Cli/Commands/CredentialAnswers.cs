using IsaExchange.Cli.Rendering;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;
using Credential = IsaExchange.V1.Credential;

namespace IsaExchange.Cli.Commands;

/// <summary>Credentials and identities, as cards and listings.</summary>
static class CredentialAnswers
{
    public static Card Card(Credential c) => new Card()
        .Add("name", "credential", Names.Cell(c.Name))
        .Add("holder", "holder", c.Holder)
        .Add("state", "state", State(c.State))
        .Add("not_after", "valid until", SubmissionAnswers.Time(c.NotAfterTime))
        .Add("ended", "ended", c.EndTime is null ? null : SubmissionAnswers.Time(c.EndTime))
        .Add("reason", "because", c.EndReason)
        .AddDetail("key_sha256", Convert.ToHexStringLower(c.KeySha256.Span))
        .AddDetail("approved_by", c.ApprovedBy)
        .AddDetail("agreement_revision", c.AgreementRevision);

    public static Listing List(IEnumerable<Credential> credentials)
    {
        var listing = new Listing(
            new("credential", "credential"), new("holder", "holder"), new("state", "state"),
            new("not_after", "valid until"), new("ended", "ended"), new("reason", "because", Wraps: true),
            new("approved_by", "approved by", Detail: true), new("key_sha256", "key", Detail: true),
            new("name", "name", Detail: true));
        foreach (var c in credentials)
        {
            listing.Add(
                Names.Last(c.Name), Holder(c.Holder), State(c.State), SubmissionAnswers.Time(c.NotAfterTime),
                c.EndTime is null ? null : SubmissionAnswers.Time(c.EndTime), c.EndReason, c.ApprovedBy,
                Convert.ToHexStringLower(c.KeySha256.Span), c.Name);
        }
        return listing;
    }

    public static Listing List(IEnumerable<Identity> identities)
    {
        var listing = new Listing(
            new("identity", "identity"), new("person", "person"), new("issuer", "issuer"), new("subject", "subject"),
            new("linked", "linked"), new("linked_by", "by", Detail: true), new("name", "name", Detail: true));
        foreach (var i in identities)
        {
            listing.Add(
                Names.Last(i.Name), i.Person, i.Issuer, i.Subject, SubmissionAnswers.Time(i.CreateTime), i.LinkedBy,
                i.Name);
        }
        return listing;
    }

    // All holders of a party begin alike.
    static TwoForms Holder(string urn) => new(urn[(urn.LastIndexOf(':') + 1)..], urn);

    static string State(Credential.Types.State state) => state switch
    {
        Credential.Types.State.Active => "active",
        Credential.Types.State.Replaced => "replaced",
        Credential.Types.State.Revoked => "REVOKED",
        _ => "unknown",
    };
}
