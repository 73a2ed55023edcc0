namespace IsaExchange.Agreement.Language;

/// <summary>Reads the sections of an agreement. What it returns is whole only when no fault was added.</summary>
sealed partial class AgreementReader(ClauseReader root, DefinedIds defined, DatasetVocabulary? datasets)
{
    public AgreementText Read()
    {
        var review = root.Map("review");
        var geography = root.Map("geography");
        var text = new AgreementText
        {
            Id = root.Id("agreement"),
            Title = root.Text("title"),
            Owner = root.Reference("owner", defined.Parties, "parties"),
            From = root.Date("from"),
            To = root.Date("to"),
            ReviewDue = review?.Date("due") ?? default,
            ReviewGraceDays = review?.Number("grace_days", 0, 366) ?? 0,
            LegalBases = LegalBases(),
            Geography = Geography(geography),
            Parties = [.. root.Maps("parties", "id").Select(Party)],
            Areas = [.. root.Maps("areas", "code").Select(Area)],
            People = [.. root.Maps("people", "id").Select(Person)],
            Officers = Officers(),
            Senders = [.. root.OptionalMaps("senders", "party", "name").Select(Sender)],
            Roles = Roles(),
            Purposes = [.. root.Maps("purposes", "id").Select(Purpose)],
            DatasetsOwed = [.. root.Maps("datasets", "dataset", "party").Select(Owed)],
            Feeds = [.. root.OptionalMaps("feeds", "id").Select(Feed)],
            Retention = [.. root.Maps("retention", "dataset").Select(Retention)],
            Signing = Signing(),
            Accession = Accession(),
            Withdrawal = Withdrawal(),
            Records = [.. root.OptionalMaps("records", "dataset").Select(Records)],
            Requests = Requests(),
            Breach = Breach(),
            Compliance = Compliance(),
            Quality = [.. root.OptionalMaps("quality", "dataset").Select(Quality)],
            Version = root.Has("version") ? Version(root) : null,
            Parent = root.Has("parent") ? root.Text("parent") : null,
            Document = Document(),
            Changes = [.. root.OptionalMaps("changes", "version").Select(Change)],
            Processors = [.. root.OptionalMaps("processors", "party", "name").Select(Processor)],
            Contacts = [.. root.OptionalMaps("contacts", "party", "matter").Select(Contact)],
            Onward = Section("onward") is { } r ? Finished(r, new OnwardClause(r.Flag("consent"))) : null,
        };
        review?.Finish();
        geography?.Finish();
        root.Finish();
        return text;
    }

    static GeographyClause Geography(ClauseReader? r) =>
        new(r?.Id("codelist") ?? "", r?.Text("edition") ?? "")
        {
            Later = r is null ? [] :
            [
                .. r.OptionalMaps("later", "edition")
                    .Select(e => Finished(e, new GeographyEdition(e.Text("edition"), e.Date("from"))))
                    .OrderBy(e => e.From),
            ],
        };

    IReadOnlyList<string> LegalBases()
    {
        var items = root.TextItems("legal_bases");
        foreach (var item in items.Where(i => !LanguageWords.LegalBases.Contains(i.Value)))
        {
            root.Faults.Add(item.Line, "legal_bases", "this is not a legal basis of the language",
                $"use one of: {string.Join(", ", LanguageWords.LegalBases)}");
        }

        return [.. items.Select(i => i.Value)];
    }

    PartyClause Party(ClauseReader r) => Finished(r, new PartyClause(
        r.Id("id"),
        r.Text("title"),
        r.OneOf("kind", LanguageWords.PartyKinds),
        r.References("areas", defined.Areas, "areas"),
        r.OptionalDate("from"),
        r.OptionalDate("to"))
    {
        Line = r.Line,
        Class = r.Has("class") ? r.OneOf("class", LanguageWords.PartyClasses) : PartyClause.Responsible,
        PartsOf = r.Has("parts_of") ? r.References("parts_of", defined.Areas, "areas") : [],
        Succeeds = r.Has("succeeds") ? r.References("succeeds", defined.Parties, "parties") : [],
    });

    AreaClause Area(ClauseReader r)
    {
        var code = r.Text("code");
        if (code.Length > 0 && !Words.IsAreaCode(code))
            r.Fault("code", "code is not an area code", "use capitals and digits, for example X22000001");
        var title = r.Text("title");
        var kind = r.OneOf("kind", LanguageWords.AreaKinds);
        IReadOnlyList<string> of = kind == "district"
            ? []
            : r.References("of", defined.Districts, "areas of kind district");
        return Finished(r, new AreaClause(code, title, kind, of)
        {
            Line = r.Line,
            From = r.OptionalDate("from"),
            To = r.OptionalDate("to"),
            Succeeds = r.Has("succeeds") ? r.References("succeeds", defined.Areas, "areas") : [],
        });
    }

    static PersonClause Person(ClauseReader r) => Finished(r, new PersonClause(
        r.Id("id"),
        r.Text("name"),
        r.Text("contact"))
    { Line = r.Line });

    IReadOnlyList<OfficerClause> Officers()
    {
        var officers = root.Maps("officers", "party", "person").Select(Officer).ToList();
        var again = officers.GroupBy(o => (o.Party, o.Person)).Where(g => g.Count() > 1).SelectMany(g => g).ToHashSet();
        return [.. officers.Select(o => again.Contains(o)
            ? o with { Clause = $"officers[{o.Party}/{o.Person}@{CanonicalForm.Day(o.From)}]" }
            : o)];
    }

    OfficerClause Officer(ClauseReader r)
    {
        var party = r.Reference("party", defined.Parties, "parties");
        return Finished(r, new OfficerClause(
            party,
            r.Reference("person", defined.People, "people"),
            OfficerAreas(r, party),
            r.Date("from"),
            r.Date("to"),
            r.OptionalFlag("deputy"))
        { Line = r.Line });
    }

    /// <summary>The word <c>all</c> stands for the areas of the party.</summary>
    IReadOnlyList<string> OfficerAreas(ClauseReader r, string party)
    {
        if (!r.IsWord("areas", "all"))
            return r.References("areas", defined.Areas, "areas");
        return defined.AreasOfParty(party);
    }

    SenderClause Sender(ClauseReader r) => Finished(r, new SenderClause(
        r.Reference("party", defined.Parties, "parties"),
        r.Id("name"),
        r.References("datasets", defined.Datasets, "datasets"),
        r.Flag("unattended"),
        r.OptionalDate("from"),
        r.OptionalDate("to"))
    { Line = r.Line });

    List<RoleClause> Roles()
    {
        if (!root.Has("roles") || root.Map("roles") is not { } roles)
            return [];
        List<RoleClause> clauses =
        [
            .. roles.OptionalMaps("analysts", "party", "person").Select(r => RoleOf(r, Role.Analyst)),
            .. roles.OptionalMaps("stewards", "party", "person").Select(r => RoleOf(r, Role.Steward)),
            .. roles.OptionalMaps("auditors", "party", "person").Select(r => RoleOf(r, Role.Auditor)),
        ];
        roles.Finish();
        return clauses;
    }

    RoleClause RoleOf(ClauseReader r, Role role) => Finished(r, new RoleClause(
        role,
        r.Reference("party", defined.Parties, "parties"),
        r.Reference("person", defined.People, "people"),
        r.OptionalDate("from"),
        r.OptionalDate("to"))
    { Line = r.Line });

    static PurposeClause Purpose(ClauseReader r) => Finished(r, new PurposeClause(
        r.Id("id"),
        r.Text("title"))
    { Line = r.Line });

    DatasetOwedClause Owed(ClauseReader r)
    {
        var dataset = r.Id("dataset");
        if (datasets is not null && dataset.Length > 0 && !datasets.Knows(dataset))
            r.Fault("dataset", "the information specification has no such dataset", "correct the id, or specify it");
        var owed = new DatasetOwedClause(
            dataset,
            r.Reference("party", defined.Parties, "parties"),
            r.References("areas", defined.Areas, "areas"),
            r.OneOf("cadence", LanguageWords.Cadences) == "monthly" ? Cadence.Monthly : Cadence.Quarterly,
            r.Has("calendar") ? r.OneOf("calendar", LanguageWords.Calendars) : null,
            r.OptionalNumber("due_days", 1, 366),
            r.Reference("basis", defined.LegalBases, "legal_bases"),
            r.OptionalNumber("paragraph", 1, 12),
            r.OptionalDate("from"),
            r.OptionalDate("to"))
        {
            Line = r.Line,
            Marking = r.Has("marking") ? r.OneOf("marking", LanguageWords.Markings) : LanguageWords.Markings[0],
        };
        return Finished(r, owed);
    }

    FeedClause Feed(ClauseReader r)
    {
        var dataset = r.Reference("dataset", defined.Datasets, "datasets");
        return Finished(r, new FeedClause(
            r.Id("id"),
            r.Text("title"),
            dataset,
            r.References("areas", defined.Areas, "areas"),
            Tables(r, dataset),
            r.Has("regime") ? r.OneOf("regime", LanguageWords.Regimes) : LanguageWords.Regimes[0],
            r.References("purposes", defined.Purposes, "purposes"),
            r.References("readers", defined.Parties, "parties"),
            r.OneOf("marking", LanguageWords.Markings))
        {
            Line = r.Line,
            FreedomOfInformation = r.Has("foi") ? r.Text("foi") : null,
            Handling = r.Has("handling") ? r.Text("handling") : null,
            Approvals = r.OptionalNumber("approvals", 0, 2) ?? 0,
            EmbargoDays = r.OptionalNumber("embargo_days", 0, 366) ?? 0,
            Protection = r.Has("protection") && r.Map("protection") is { } protection
                ? Protection(protection, dataset) : null,
            FindsGeography = r.Has("geography") && r.OneOf("geography", LanguageWords.Geographies) == "auto",
        });
    }

    ProtectionClause Protection(ClauseReader r, string dataset)
    {
        if (r.Has("contributors") && datasets?.WithContributors?.Contains(dataset) == false)
            r.Fault("contributors", $"{dataset} does not tell who contributes its records", "leave contributors out");
        return Finished(r, new ProtectionClause(
            r.OptionalNumber("threshold", 0, 100),
            r.OptionalNumber("width", 2, 20),
            r.Has("zeros") ? r.OneOf("zeros", LanguageWords.Zeros) == "shown" : null)
        {
            Contributors = r.OptionalNumber("contributors", 2, 20),
        });
    }

    IReadOnlyList<FeedTable> Tables(ClauseReader feed, string dataset)
    {
        var readers = feed.Maps("tables", "name");
        if (feed.Has("tables") && readers.Count == 0)
            feed.Fault("tables", "tables holds no table", "name at least one table");
        return [.. readers.Select(r => Finished(r, new FeedTable(r.Id("name"), Dimensions(r, dataset))))];
    }

    IReadOnlyList<string> Dimensions(ClauseReader table, string dataset)
    {
        var items = table.TextItems("dimensions");
        foreach (var item in items)
        {
            var (name, level) = item.Value.Split('/') is [var before, var after]
                ? (before, after) : (item.Value, null);
            if (!Words.IsDimension(name) || (level is not null && !Words.IsId(level)))
                Fault(item, "this is not the name of a dimension", "use lower case and underscores");
            else if (name == "month" && level is not (null or "quarter" or "year"))
                Fault(item, "months have no such level", "write month/quarter or month/year");
            else if (datasets is not null && datasets.Knows(dataset) && !datasets.HasDimension(dataset, name))
                Fault(item, $"'{item.Value}' is not a dimension of {dataset}",
                    $"use one of: {string.Join(", ", datasets.DimensionsOf(dataset))}");
        }

        return [.. items.Select(i => i.Value)];

        void Fault(YamlText item, string message, string remedy) =>
            table.Faults.Add(item.Line, table.Clause, message, remedy);
    }

    RetentionClause Retention(ClauseReader r) => Finished(r, new RetentionClause(
        r.Reference("dataset", defined.Datasets, "datasets"),
        r.Number("periods", 1, 400))
    { Line = r.Line });

    static T Finished<T>(ClauseReader reader, T clause)
    {
        reader.Finish();
        return clause;
    }
}
