using IsaExchange.Agreement;

namespace IsaExchange.Tests.Agreement;

/// <summary>Agreements that say all kinds of things, acts under them, and calls that are nearly right.</summary>
sealed class RandomAgreements(int seed)
{
    static readonly DateTimeOffset Before = DateTimeOffset.UnixEpoch;

    readonly Random random = new(seed);

    static readonly string[] People = ["ann", "ben", "cal", "dee", "eve", "fay", "gus", "hal", "ida"];

    static readonly string[] AreaCodes =
        ["X07000001", "X07000002", "X07000003", "X07000004", "X22000001", "X22000002", "X99999999"];

    static readonly string[] Parties = ["red-police", "red-council", "old-health", "new-health", "late-fire", "nobody"];

    static readonly string[] Datasets = ["police-recorded-crime", "police-street-level", "hospital-admissions", "none"];

    public SharingAgreement Next()
    {
        var loaded = AgreementLoader.Parse(Yaml(), "random.yaml");
        return loaded.Agreement ?? throw new InvalidOperationException(string.Join('\n', loaded.Faults));
    }

    /// <summary>
    /// Health changes hands on 1 July 2026 and a district merges on 1 October; the fire authority joins on a random
    /// day; who answers for what, until when, and what is open is random.
    /// </summary>
    string Yaml() => $$"""
        agreement: random
        title: Random
        owner: red-council
        from: 2026-04-01
        to: {{Pick("2027-03-31", "2027-06-30", "2028-03-31")}}
        review: { due: {{Pick("2026-09-01", "2027-01-01", "2027-03-31")}}, grace_days: {{random.Next(90)}} }
        legal_bases: [cda-1998-s17a, local-agreement]
        geography: { codelist: invented, edition: "2026-04" }
        areas:
          - { code: X07000001, title: One, kind: district }
          - { code: X07000002, title: Two, kind: district, to: 2026-09-30 }
          - { code: X07000003, title: Three, kind: district, from: 2026-10-01, succeeds: [X07000002] }
          - { code: X07000004, title: Four, kind: district }
          - { code: X22000001, title: Safer One, kind: csp, of: [X07000001] }
          - { code: X22000002, title: Safer Rest, kind: csp, of: [X07000002, X07000003, X07000004] }
        parties:
          - { id: red-police, title: Police, kind: police, areas: [X22000001, X22000002] }
          - { id: red-council, title: Council, kind: unitary-council,
              class: {{Pick("responsible", "co-operating", "invited")}},
              areas: [{{Pick("X22000001", "X07000001, X07000004")}}] }
          - { id: old-health, title: Old, kind: health, areas: [X22000001], to: 2026-06-30 }
          - { id: new-health, title: New, kind: health, areas: [X22000001], parts_of: [X22000002], from: 2026-07-01,
              succeeds: [old-health] }
          - { id: late-fire, title: Fire, kind: fire, areas: [X22000001],
              from: {{Pick("2026-05-10", "2026-07-01", "2026-12-01")}} }
        people:
        {{Lines(People, p => $"  - {{ id: {p}, name: {p}, contact: {p}@example }}")}}
        officers:
          - { party: red-police, person: ann, {{Term()}},
              areas: {{Pick("all", "[X22000001]", "[X07000001, X07000004]")}} }
          - { party: red-police, person: ben, areas: {{Pick("all", "[X07000002]")}}, {{Term()}}, deputy: true }
          - { party: red-council, person: cal, areas: all, {{Term()}} }
          - { party: old-health, person: dee, areas: all, from: 2026-04-01, to: 2028-03-31 }
          - { party: new-health, person: eve, areas: all, from: 2026-04-01, to: 2028-03-31 }
          - { party: late-fire, person: {{Pick("fay", "cal")}}, areas: all, {{Term()}} }
        senders:
          - { party: red-police, name: records, datasets: [police-recorded-crime], unattended: {{Flag()}} }
          - { party: new-health, name: records, datasets: [hospital-admissions], unattended: {{Flag()}}, {{Term()}} }
        {{Reading()}}
        signing:
          quorum: 2
          signatories:
        {{Lines(["red-police/ann", "red-council/gus", "old-health/dee", "new-health/eve", "late-fire/fay"], s =>
            $"    - {{ party: {s.Split('/')[0]}, person: {s.Split('/')[1]}, office: Chief }}")}}
        accession: { approvals: 1, back_data: {{Flag()}} }
        withdrawal: { notice_days: 30 }
        {{Pick("", "compliance: { lock_days_after: 30 }", "compliance: { lock_days_after: 0 }")}}
        {{Pick("", Records())}}
        """;

    string Reading() => $$"""
        roles:
          analysts:
            - { party: {{Pick("red-council", "late-fire", "red-police")}}, person: gus }
            - { party: new-health, person: ida, {{Term()}} }
          stewards: [{ party: {{Pick("red-council", "red-police")}}, person: hal }]
          auditors: [{ party: red-council, person: {{Pick("ida", "cal")}} }]
        purposes:
          - { id: plan, title: Plan }
          - { id: work, title: Work }
        datasets:
          - { dataset: police-recorded-crime, party: red-police,
              areas: [{{Pick("X22000001, X22000002", "X22000001, X07000002, X07000003, X07000004")}}],
              cadence: quarterly, calendar: uk-cda-1998-s17a, basis: cda-1998-s17a, paragraph: 2 }
          - { dataset: police-street-level, party: red-police, areas: [X22000001],
              cadence: {{Pick("monthly", "quarterly")}}, due_days: {{Pick("20", "60")}},
              basis: local-agreement{{Pick("", ", from: 2026-06-01", ", to: 2026-12-31")}} }
          - { dataset: hospital-admissions, party: old-health, areas: [X22000001], cadence: quarterly,
              calendar: uk-cda-1998-s17a, basis: cda-1998-s17a, paragraph: 9 }
          - { dataset: hospital-admissions, party: new-health, areas: [X22000001, X22000002], cadence: quarterly,
              calendar: uk-cda-1998-s17a, basis: cda-1998-s17a, paragraph: 9 }
        feeds:
          - { id: crime, title: Crime, dataset: police-recorded-crime, areas: [X22000001],
              tables: [{ name: by-area, dimensions: [area] }], regime: open, purposes: [{{Pick("plan", "plan, work")}}],
              marking: OFFICIAL,
              readers: [{{Pick("red-council, late-fire", "red-police", "red-council, new-health, red-police")}}] }
          - { id: health, title: Health, dataset: hospital-admissions, areas: [X22000001, X22000002],
              tables: [{ name: by-area, dimensions: [area] }], regime: nhs-2018, purposes: [work],
              readers: [new-health, red-council], marking: OFFICIAL }
        retention:
        {{Lines(Datasets[..3], d => $"  - {{ dataset: {d}, periods: 12 }}")}}
        """;

    string Records() => $$"""
        records:
          - { dataset: police-recorded-crime, columns: [area], purposes: [{{Pick("plan", "work", "plan, work")}}],
              readers: {{Pick("relevant-authorities", "[red-council]", "[late-fire, new-health]")}} }
        """;

    public AgreementActs Acts(SharingAgreement agreement)
    {
        var all = AgreementActs.SignedByAll(agreement, DateTimeOffset.UnixEpoch);
        return all with
        {
            Stages = [new(random.Next(3) > 0 ? AgreementStage.InForce : (AgreementStage)random.Next(7), Before)],
            Signatures = [.. all.Signatures.Where(_ => random.Next(12) > 0)],
            Ends =
            [
                .. agreement.Officers.Where(_ => random.Next(12) == 0)
                    .Select(o => new DesignationEnd(o.Clause, Before)),
            ],
            Withdrawals = random.Next(4) > 0 ? [] : [new(Pick(Parties[..5]), Day(), Before)],
            Exceptions =
            [
                .. Enumerable.Range(0, random.Next(4)).Select(_ => new ExceptionAct(
                    "red-police", Pick(Datasets[..2]), "X22000001",
                    Pick(new DateOnly(2026, 4, 1), new DateOnly(2026, 7, 1)), Day(), Before)),
            ],
        };
    }

    /// <summary>Usually what the verb needs and now and then something else: both answers must come often.</summary>
    public AccessRequest Request()
    {
        Principal caller = random.Next(5) == 0
            ? Principal.Sender(Pick("red-police", "new-health", "old-health"), Pick("records", "records", "other"))
            : Principal.ForPerson(Pick([.. People, "zoe"]));
        var verb = Pick(Enum.GetValues<Verb>());
        var (party, dataset, area) = random.Next(10) < 7
            ? Pick(("red-police", "police-recorded-crime", "X22000001"),
                ("red-police", "police-street-level", "X22000001"),
                ("new-health", "hospital-admissions", "X22000002"), ("old-health", "hospital-admissions", "X22000001"))
            : (Pick(Parties), Pick(Datasets), Pick(AreaCodes));
        var isOfFeed = verb is Verb.ReadRelease or Verb.ListFeeds or Verb.PublishRelease or Verb.ApproveRelease
            or Verb.RetractRelease;
        var time = new DateTimeOffset(Day(), new TimeOnly(random.Next(24), 0), TimeSpan.Zero);
        return new AccessRequest(caller, verb, time)
        {
            Party = isOfFeed == (random.Next(8) == 0) ? party : null,
            Dataset = isOfFeed == (random.Next(6) == 0) ? dataset : null,
            Areas = random.Next(5) == 0 ? [] : random.Next(6) == 0 ? [area, Pick(AreaCodes)] : isOfFeed ? [] : [area],
            Period = random.Next(4) == 0 ? null : Period(),
            Feed = isOfFeed == (random.Next(10) > 0) ? Pick("crime", "health", "crime", "none") : null,
            Purpose = random.Next(4) == 0 ? null : Pick("plan", "work", "plan", "work", "fun"),
        };
    }

    InformationPeriod Period()
    {
        var first = new DateOnly(2026, 1, 1).AddMonths(random.Next(21));
        return random.Next(3) == 0
            ? InformationPeriod.Month(first.Year, first.Month)
            : random.Next(8) == 0 ? InformationPeriod.Quarter(first) : InformationPeriod.QuarterContaining(first);
    }

    DateOnly Day() => new DateOnly(2026, 3, 1).AddDays(random.Next(random.Next(3) == 0 ? 900 : 300));

    string Term() => Pick(
        "from: 2026-04-01, to: 2028-03-31", "from: 2026-04-01, to: 2026-10-31", "from: 2026-07-01, to: 2028-03-31");

    string Flag() => Pick("true", "false");

    T Pick<T>(params T[] choices) => choices[random.Next(choices.Length)];

    static string Lines(IEnumerable<string> items, Func<string, string> line) => string.Join('\n', items.Select(line));
}
