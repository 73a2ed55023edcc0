using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace IsaExchange.Agreement.Language;

/// <summary>
/// The agreement as JSON by RFC 8785 (keys in order, no white space), with everything sorted whose order says nothing.
/// Only the dimensions of a table keep theirs: it is the order of the columns. Signatures will be over its digest, so
/// this form can only change together with <see cref="Version"/>.
/// </summary>
static partial class CanonicalForm
{
    const string Version = "isaexchange-agreement/1";

    public static string Revision(AgreementText text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Write(text))));

    public static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string Write(AgreementText text) => Append(new StringBuilder(), Document(text)).ToString();

    static SortedDictionary<string, object> Document(AgreementText t) => Map(
        ("form", Version),
        ("agreement", t.Id),
        ("title", t.Title),
        ("owner", t.Owner),
        ("from", Day(t.From)),
        ("to", Day(t.To)),
        ("review", Map(("due", Day(t.ReviewDue)), ("grace_days", t.ReviewGraceDays))),
        ("legal_bases", Set(t.LegalBases)),
        ("geography", Geography(t.Geography)),
        ("parties", Clauses(t.Parties, Party)),
        ("areas", Clauses(t.Areas, Area)),
        ("people", Clauses(t.People, p => Map(("id", p.Id), ("name", p.Name), ("contact", p.Contact)))),
        ("officers", Clauses(t.Officers, Officer)),
        ("senders", Clauses(t.Senders, Sender)),
        ("roles", Clauses(t.Roles, Role)),
        ("purposes", Clauses(t.Purposes, p => Map(("id", p.Id), ("title", p.Title)))),
        ("datasets", Clauses(t.DatasetsOwed, Owed)),
        ("feeds", Clauses(t.Feeds, Feed)),
        ("retention", Clauses(t.Retention, r => Map(("dataset", r.Dataset), ("periods", r.Periods)))),
        ("signing", Map(("quorum", t.Signing.Quorum), ("signatories", Clauses(t.Signing.Signatories, Signatory)))),
        ("accession", t.Accession is { } a
            ? Map(("approvals", a.Approvals), ("back_data", a.BackData)) : null),
        ("withdrawal", t.Withdrawal is { } w ? Map(("notice_days", w.NoticeDays)) : null),
        ("records", Clauses(t.Records, Records)),
        ("requests", t.Requests is { } q ? Map(("answer_days", q.AnswerDays)) : null),
        ("breach", t.Breach is { } b ? Map(("notify_hours", b.NotifyHours)) : null),
        ("compliance", Compliance(t.Compliance)),
        ("quality", Clauses(t.Quality, Quality)),
        ("version", t.Version),
        ("parent", t.Parent),
        ("document", t.Document is { } d ? Map(("sha256", d.Sha256), ("kept", d.Kept)) : null),
        ("changes", Clauses(t.Changes, c => Map(
            ("version", c.Version), ("date", Day(c.Date)), ("by", c.By), ("title", c.Title)))),
        ("processors", Clauses(t.Processors, p => Map(("party", p.Party), ("name", p.Name), ("does", p.Does)))),
        ("contacts", Clauses(t.Contacts, c => Map(("party", c.Party), ("matter", c.Matter), ("person", c.Person)))),
        ("onward", t.Onward is { } o ? Map(("consent", o.Consent)) : null));

    static object Party(PartyClause p) => Map(
        ("id", p.Id), ("title", p.Title), ("kind", p.Kind), ("areas", Set(p.Areas)),
        ("from", Day(p.From)), ("to", Day(p.To)), ("class", p.Class), ("parts_of", Set(p.PartsOf)),
        ("succeeds", Set(p.Succeeds)));

    static object Area(AreaClause a) => Map(
        ("code", a.Code), ("title", a.Title), ("kind", a.Kind), ("of", Set(a.Of)),
        ("from", Day(a.From)), ("to", Day(a.To)), ("succeeds", Set(a.Succeeds)));

    static SortedDictionary<string, object> Geography(GeographyClause g) => Map(
        ("codelist", g.CodeList), ("edition", g.Edition),
        ("later", Clauses(g.Later, e => Map(("edition", e.Edition), ("from", Day(e.From))))));

    static object Signatory(SignatoryClause s) => Map(
        ("party", s.Party), ("person", s.Person), ("office", s.Office), ("from", Day(s.From)), ("to", Day(s.To)));

    static object Records(RecordsClause r) => Map(
        ("dataset", r.Dataset), ("readers", Set(r.Readers)), ("columns", Set(r.Columns)),
        ("purposes", Set(r.Purposes)));

    static SortedDictionary<string, object> Compliance(ComplianceClause c) => Map(
        ("remind_days_before", c.RemindDaysBefore.OrderDescending().Cast<object>().ToArray()),
        ("escalate_days_after", c.EscalateDaysAfter.Order().Cast<object>().ToArray()),
        ("lock_days_after", c.LockDaysAfter));

    static object Quality(QualityClause q) => Map(
        ("dataset", q.Dataset), ("caveat", q.Caveat), ("from", Day(q.From)), ("to", Day(q.To)),
        ("complete_percent", q.CompletePercent), ("on_time_percent", q.OnTimePercent));

    static object Officer(OfficerClause o) => Map(
        ("party", o.Party), ("person", o.Person), ("areas", Set(o.Areas)),
        ("from", Day(o.From)), ("to", Day(o.To)), ("deputy", o.Deputy));

    static object Sender(SenderClause s) => Map(
        ("party", s.Party), ("name", s.Name), ("datasets", Set(s.Datasets)), ("unattended", s.Unattended),
        ("from", Day(s.From)), ("to", Day(s.To)));

    static object Role(RoleClause r) => Map(
        ("role", Words.Kebab(r.Role)), ("party", r.Party), ("person", r.Person),
        ("from", Day(r.From)), ("to", Day(r.To)));

    static object Owed(DatasetOwedClause d) => Map(
        ("dataset", d.Dataset), ("party", d.Party), ("areas", Set(d.Areas)), ("cadence", Words.Kebab(d.Cadence)),
        ("calendar", d.Calendar), ("due_days", d.DueDays), ("basis", d.Basis), ("paragraph", d.Paragraph),
        ("from", Day(d.From)), ("to", Day(d.To)), ("marking", d.Marking));

    static object Feed(FeedClause f) => Map(
        ("id", f.Id), ("title", f.Title), ("dataset", f.Dataset), ("areas", Set(f.Areas)),
        ("tables", Clauses(f.Tables, t => Map(("name", t.Name), ("dimensions", t.Dimensions.ToArray<object>())))),
        ("regime", f.Regime), ("purposes", Set(f.Purposes)), ("readers", Set(f.Readers)), ("marking", f.Marking),
        ("foi", f.FreedomOfInformation), ("handling", f.Handling), ("protection", Protection(f.Protection)),
        ("geography", f.FindsGeography ? "auto" : null), ("approvals", f.Approvals > 0 ? f.Approvals : null),
        ("embargo_days", f.EmbargoDays > 0 ? f.EmbargoDays : null));

    static SortedDictionary<string, object>? Protection(ProtectionClause? p) => p is null ? null : Map(
        ("threshold", p.Threshold), ("width", p.Width), ("contributors", p.Contributors),
        ("zeros", p.ZerosAreShown is { } shown ? (shown ? "shown" : "hidden") : null));

    static string? Day(DateOnly? day) => day is { } d ? Day(d) : null;

    static object[] Set(IEnumerable<string> items) => [.. items.Order(StringComparer.Ordinal)];

    static object[] Clauses<T>(IEnumerable<T> clauses, Func<T, object> form) =>
        [.. clauses.Select(form).OrderBy(c => Append(new StringBuilder(), c).ToString(), StringComparer.Ordinal)];

    static SortedDictionary<string, object> Map(params ReadOnlySpan<(string Key, object? Value)> words)
    {
        var map = new SortedDictionary<string, object>(StringComparer.Ordinal);
        foreach (var (key, value) in words)
        {
            if (value is not null)
                map.Add(key, value);
        }

        return map;
    }

    static StringBuilder Append(StringBuilder json, object value) => value switch
    {
        string text => AppendText(json, text),
        bool flag => json.Append(flag ? "true" : "false"),
        int number => json.Append(number.ToString(CultureInfo.InvariantCulture)),
        object[] items => AppendAll(json, '[', items, ']', (j, item) => Append(j, item)),
        SortedDictionary<string, object> map =>
            AppendAll(json, '{', map, '}', (j, pair) => Append(AppendText(j, pair.Key).Append(':'), pair.Value)),
        _ => throw new InvalidOperationException("The canonical form holds texts, flags, numbers, lists and maps."),
    };

    static StringBuilder AppendAll<T>(
        StringBuilder json, char open, IEnumerable<T> items, char close, Func<StringBuilder, T, StringBuilder> append)
    {
        json.Append(open);
        foreach (var (index, item) in items.Index())
            append(index == 0 ? json : json.Append(','), item);
        return json.Append(close);
    }

    /// <summary>RFC 8785, 3.2.2.2: without control characters only two characters need escaping.</summary>
    static StringBuilder AppendText(StringBuilder json, string text)
    {
        if (text.Any(char.IsControl))
            throw new InvalidOperationException("The reader lets no control character into a clause.");
        return json.Append('"').Append(text.Replace("\\", "\\\\").Replace("\"", "\\\"")).Append('"');
    }
}
