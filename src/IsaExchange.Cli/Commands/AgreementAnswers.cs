using IsaExchange.Cli.Rendering;
using IsaExchange.Cli.Wire;
using Stage = IsaExchange.V1.Agreement.Types.Stage;

namespace IsaExchange.Cli.Commands;

/// <summary>Revisions, their signatures and their way, as cards and listings.</summary>
static class AgreementAnswers
{
    public static Card Card(V1.Agreement a) => new Card()
        .Add("agreement", "agreement", Id(a))
        .Add("title", "title", a.Title)
        .Add("revision", "revision", Names.Digest(a.Revision))
        .Add("stage", "stage", Words(a.Stage))
        .Add("from", "from", WirePeriods.Day(a.From))
        .Add("to", "to", WirePeriods.Day(a.To))
        .Add("signatures", "signed", $"{a.Signatures.Count}; {a.Quorum} needed")
        .Add("missing", "not signed", a.Missing.Select(m => $"{m.Party} ({m.PersonName}, {m.Contact})"))
        .Add("reason", "because", a.StageChanges.Count == 0 ? "" : a.StageChanges[^1].Reason)
        .AddDetail("name", a.Name);

    public static Listing Signatures(V1.Agreement a)
    {
        var listing = new Listing(
            new("party", "authority"), new("person", "who"), new("office", "office"), new("signed", "signed"),
            new("carried", "carried on"));
        foreach (var s in a.Signatures)
            listing.Add(s.Party, s.PersonName, s.Office, SubmissionAnswers.Time(s.SignTime), s.Carried);
        foreach (var m in a.Missing)
            listing.Add(m.Party, m.PersonName, m.Office, null, false);
        return listing;
    }

    public static Listing Revisions(IEnumerable<V1.Agreement> revisions)
    {
        var listing = new Listing(
            new("agreement", "agreement"), new("revision", "revision"), new("stage", "stage"), new("from", "from"),
            new("to", "to"), new("signed", "signed"), new("proposed", "proposed"),
            new("name", "name", Detail: true));
        foreach (var a in revisions)
        {
            listing.Add(Id(a), Names.Digest(a.Revision), Words(a.Stage), WirePeriods.Day(a.From),
                WirePeriods.Day(a.To), $"{a.Signatures.Count} of {a.Quorum}", SubmissionAnswers.Time(a.ProposeTime),
                a.Name);
        }
        return listing;
    }

    public static string Words(Stage stage) => stage switch
    {
        Stage.Draft => "draft",
        Stage.Consultation => "consultation",
        Stage.Signing => "open for signing",
        Stage.InForce => "in force",
        Stage.Suspended => "SUSPENDED",
        Stage.Retired => "retired",
        Stage.Replaced => "replaced",
        _ => "",
    };

    static string Id(V1.Agreement a) => Names.Last(a.Name).Split('@')[0];
}
