using IsaExchange.Cli.Rendering;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;
using Google.Type;
using Kind = IsaExchange.V1.InformationRequest.Types.Kind;
using RefusalReason = IsaExchange.V1.InformationRequest.Types.RefusalReason;
using State = IsaExchange.V1.InformationRequest.Types.State;

namespace IsaExchange.Cli.Commands;

/// <summary>Requests as cards and listings, and the words of their closed lists.</summary>
static class RequestAnswers
{
    public static readonly IReadOnlyDictionary<string, Kind> Kinds = new Dictionary<string, Kind>(
        StringComparer.Ordinal)
    {
        ["information"] = Kind.Information,
        ["onward-disclosure"] = Kind.OnwardDisclosure,
        ["freedom-of-information"] = Kind.FreedomOfInformation,
    };

    public static readonly IReadOnlyDictionary<string, RefusalReason> Reasons =
        new Dictionary<string, RefusalReason>(StringComparer.Ordinal)
    {
        ["not-held"] = RefusalReason.NotHeld,
        ["personal-data"] = RefusalReason.PersonalData,
        ["not-this-purpose"] = RefusalReason.NotThisPurpose,
        ["legally-barred"] = RefusalReason.LegallyBarred,
        ["prejudices-policing"] = RefusalReason.PrejudicesPolicing,
        ["already-available"] = RefusalReason.AlreadyAvailable,
        ["too-much-work"] = RefusalReason.TooMuchWork,
        ["recipient-not-suitable"] = RefusalReason.RecipientNotSuitable,
    };

    public static Listing List(IEnumerable<InformationRequest> requests)
    {
        var listing = new Listing(
            new("request", "request"), new("state", "state"), new("answer_by", "answer by"), new("kind", "kind"),
            new("asker", "asked by"), new("party", "asked"), new("about", "about"), new("recipient", "for whom"),
            new("received", "received"), new("contact", "ring", Wraps: true),
            new("late", "late", Detail: true), new("name", "name", Detail: true));
        foreach (var r in requests)
        {
            listing.Add(
                Names.Last(r.Name), Words(r), Day(r.AnswerByDate), Word(r.Kind), r.Asker, Names.Id(r.Name, "parties"),
                About(r), r.Recipient, SubmissionAnswers.Time(r.ReceiveTime), r.Contact, r.AnsweredLate, r.Name);
        }
        return listing;
    }

    public static Card Card(InformationRequest r) => new Card()
        .Add("name", "request", Names.Cell(r.Name))
        .Add("kind", "kind", Word(r.Kind))
        .Add("asker", "asked by", r.Asker)
        .Add("party", "asked", Names.Id(r.Name, "parties"))
        .Add("dataset", "dataset", r.Dataset)
        .Add("feed", "feed", r.Feed)
        .Add("period", "period", r.Period is null ? null : WirePeriods.Cell(r.Period))
        .Add("text", "text", r.Text)
        .Add("recipient", "for whom", r.Recipient)
        .Add("purpose", "purpose", r.Purpose)
        .Add("state", "state", Words(r))
        .Add("received", "received", SubmissionAnswers.Time(r.ReceiveTime))
        .Add("answer_by", "answer by", Day(r.AnswerByDate))
        .Add("answered", "answered", SubmissionAnswers.Time(r.AnswerTime))
        .Add("late", "late", r.AnsweredLate)
        .Add("answer", "answer", r.Answer)
        .Add("refusal_reason", "because", Reasons.FirstOrDefault(known => known.Value == r.RefusalReason).Key)
        .Add("until", "until", Day(r.UntilDate))
        .Add("freedom_of_information", "FOI note", r.FreedomOfInformationNote)
        .Add("contact", "ring", r.Contact);

    static string About(InformationRequest r) => r.Feed.Length > 0 ? r.Feed : r.Dataset;

    static string Word(Kind kind) => Kinds.FirstOrDefault(known => known.Value == kind).Key ?? "";

    static TwoForms Words(InformationRequest r)
    {
        var state = r.State.ToString().ToUpperInvariant();
        return new TwoForms(r.State is State.Open && r.Overdue ? "OVERDUE" : state, state);
    }

    public static DateOnly? Day(Date? date) => date is null ? null : new DateOnly(date.Year, date.Month, date.Day);
}
