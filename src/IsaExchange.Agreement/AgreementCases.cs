using System.Globalization;
using IsaExchange.Agreement.Language;

namespace IsaExchange.Agreement;

/// <summary>
/// One request and the decision that the partnership expects of its agreement. <paramref name="Clause"/> is the one
/// that refuses, or the caller's designation that permits; <paramref name="Reason"/> is null for a permit.
/// </summary>
public sealed record AgreementCase(
    string File, int Line, string Name, AccessRequest Request, string? Reason, string Clause, bool IsHidden)
{
    /// <summary>What the case says has been done under the agreement.</summary>
    public CaseActs Acts { get; init; } = CaseActs.None;

    /// <summary>Decides under the acts of the case, whatever has been done under the agreement itself.</summary>
    public Decision Decide(SharingAgreement agreement) => agreement.With(Acts.Under(agreement)).Decide(Request);

    /// <summary>Null when the agreement decides as expected, else a sentence with file and line.</summary>
    public string? Mismatch(SharingAgreement agreement)
    {
        var decision = Decide(agreement);
        var met = decision switch
        {
            Permit permit => Reason is null && permit.Clauses[0] == Clause,
            Refusal refusal =>
                refusal.Reason == Reason && refusal.Clause == Clause && refusal.ResourceKnownToCaller != IsHidden,
            _ => false,
        };
        var expected = (Reason is null ? $"permit by {Clause}" : $"refusal {Reason} by {Clause}") + Hidden(IsHidden);
        var got = $"{decision}{Hidden(decision is Refusal { ResourceKnownToCaller: false })}";
        return met ? null : $"{this}: expected {expected}, got {got}";
    }

    static string Hidden(bool hidden) => hidden ? ", hidden" : "";

    public override string ToString() => $"{File}({Line}): {Name}";
}

/// <summary>The data tests of an agreement: <c>cases.yaml</c> beside it.</summary>
public sealed record AgreementCases(IReadOnlyList<AgreementCase> Cases, IReadOnlyList<AgreementFault> Faults)
{
    static readonly string[] Decisions = ["permit", "refuse"];

    public static AgreementCases Parse(string yaml, string fileName)
    {
        var faults = new AgreementFaults(fileName);
        if (YamlTreeReader.Read(yaml, faults) is not YamlMap map)
        {
            faults.Add(1, "cases", "the file is not a mapping", "begin with cases:");
            return new AgreementCases([], faults.ByLine);
        }

        var root = new ClauseReader(map, "", faults);
        var cases = root.Maps("cases", "name").Select(r => Read(r, fileName)).ToList();
        root.Finish();
        return new AgreementCases(faults.Any ? [] : cases, faults.ByLine);
    }

    static AgreementCase Read(ClauseReader r, string fileName)
    {
        var name = r.Text("name");
        var request = Request(r);
        var refused = r.OneOf("decision", Decisions) == "refuse";
        var reason = refused ? r.OneOf("reason", RefusalReasons.All.ToHashSet(StringComparer.Ordinal)) : null;
        var (clause, hidden) = (r.Text("clause"), r.OptionalFlag("hidden"));
        var acts = CaseActs.Read(r);
        r.Finish();
        return new AgreementCase(fileName, r.Line, name, request, reason, clause, hidden) { Acts = acts };
    }

    static AccessRequest Request(ClauseReader r)
    {
        var verbName = r.OneOf("verb", VerbNames.All);
        _ = VerbNames.TryParse(verbName, out var verb);
        return new AccessRequest(new Principal(r.Text("caller")), verb, Time(r))
        {
            Party = r.Has("party") ? r.Text("party") : null,
            Dataset = r.Has("dataset") ? r.Text("dataset") : null,
            Areas = r.Has("areas") ? r.Texts("areas") : [],
            Period = r.Has("period") ? Period(r) : null,
            Feed = r.Has("feed") ? r.Text("feed") : null,
            Purpose = r.Has("purpose") ? r.Text("purpose") : null,
        };
    }

    static DateTimeOffset Time(ClauseReader r)
    {
        const string Format = "yyyy-MM-dd'T'HH:mm:ss'Z'";
        var text = r.Text("time");
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal;
        var read = DateTimeOffset.TryParseExact(text, Format, CultureInfo.InvariantCulture, Utc, out var time);
        if (!read && text.Length > 0)
            r.Fault("time", "time is not an instant", "write it as 2026-10-05T09:00:00Z");
        return time;
    }

    static InformationPeriod Period(ClauseReader r)
    {
        if (!InformationPeriod.TryParse(r.Text("period"), out var period))
            r.Fault("period", "period is not a period", "write it as 2026-07-01/P3M or 2026-07-01/P1M");
        return period;
    }
}
