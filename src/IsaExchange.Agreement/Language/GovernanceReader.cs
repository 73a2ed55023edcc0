namespace IsaExchange.Agreement.Language;

/// <summary>The sections that say how the agreement itself is run.</summary>
sealed partial class AgreementReader
{
    const int PartiesMax = 1000;
    const int DaysMax = 366;

    SigningClause Signing()
    {
        if (root.Map("signing") is not { } signing)
            return new SigningClause(1, []);
        var clause = new SigningClause(
            signing.Number("quorum", 1, PartiesMax),
            [.. signing.Maps("signatories", "party", "person").Select(Signatory)]);
        return Finished(signing, clause);
    }

    SignatoryClause Signatory(ClauseReader r) => Finished(r, new SignatoryClause(
        r.Reference("party", defined.Parties, "parties"),
        r.Reference("person", defined.People, "people"),
        r.Text("office"),
        r.OptionalDate("from"),
        r.OptionalDate("to"))
    { Line = r.Line });

    AccessionClause? Accession() => Section("accession") is { } r
        ? Finished(r, new AccessionClause(r.Number("approvals", 0, PartiesMax), r.Flag("back_data")))
        : null;

    WithdrawalClause? Withdrawal() => Section("withdrawal") is { } r
        ? Finished(r, new WithdrawalClause(r.Number("notice_days", 0, DaysMax)))
        : null;

    RequestsClause? Requests() => Section("requests") is { } r
        ? Finished(r, new RequestsClause(r.Number("answer_days", 1, DaysMax)))
        : null;

    BreachClause? Breach() => Section("breach") is { } r
        ? Finished(r, new BreachClause(r.Number("notify_hours", 1, 24 * 30)))
        : null;

    /// <summary>The word <c>relevant-authorities</c> stands for every responsible authority of the area.</summary>
    RecordsClause Records(ClauseReader r) => Finished(r, new RecordsClause(
        r.Reference("dataset", defined.Datasets, "datasets"),
        r.IsWord("readers", "relevant-authorities") ? [] : r.References("readers", defined.Parties, "parties"),
        Columns(r),
        r.References("purposes", defined.Purposes, "purposes"))
    { Line = r.Line });

    ComplianceClause Compliance() => Section("compliance") is { } r
        ? Finished(r, new ComplianceClause(
            r.OptionalNumbers("remind_days_before", 0, DaysMax),
            r.OptionalNumbers("escalate_days_after", 0, DaysMax),
            r.OptionalNumber("lock_days_after", 0, 10 * DaysMax)))
        : new ComplianceClause([], [], null);

    /// <summary>The columns of the specification and no others: what is not named stays closed.</summary>
    IReadOnlyList<string> Columns(ClauseReader r)
    {
        var items = r.TextItems("columns");
        var dataset = r.Text("dataset");
        foreach (var item in items)
        {
            if (!Words.IsDimension(item.Value))
                r.Faults.Add(item.Line, r.Clause, "this is not the name of a column", "use lower case and underscores");
            else if (datasets?.ColumnsOf(dataset) is { } known && !known.Contains(item.Value))
                r.Faults.Add(item.Line, r.Clause, $"'{item.Value}' is not a column of {dataset}",
                    $"use some of: {string.Join(", ", known)}");
        }

        return [.. items.Select(i => i.Value)];
    }

    QualityClause Quality(ClauseReader r) => Finished(r, new QualityClause(
        r.Reference("dataset", defined.Datasets, "datasets"),
        r.Text("caveat"))
    {
        Line = r.Line,
        From = r.OptionalDate("from"),
        To = r.OptionalDate("to"),
        CompletePercent = r.OptionalNumber("complete_percent", 1, 100),
        OnTimePercent = r.OptionalNumber("on_time_percent", 1, 100),
    });

    static string Version(ClauseReader r)
    {
        var text = r.Text("version");
        if (text.Length > 0 && !Words.IsVersion(text))
            r.Fault("version", "version is not a version", "write it in quotes, as \"1.0\" or \"2.1.3\"");
        return text;
    }

    DocumentClause? Document()
    {
        if (Section("document") is not { } r)
            return null;
        var sha256 = r.Text("sha256");
        if (sha256.Length > 0 && !Words.IsSha256(sha256))
            r.Fault("sha256", "sha256 is not a digest", "write the 64 digits of sha256sum, in lower case");
        return Finished(r, new DocumentClause(sha256, r.Text("kept")));
    }

    static VersionClause Change(ClauseReader r) => Finished(r, new VersionClause(
        Version(r),
        r.Date("date"),
        r.Text("by"),
        r.Text("title"))
    { Line = r.Line });

    ProcessorClause Processor(ClauseReader r) => Finished(r, new ProcessorClause(
        r.Reference("party", defined.Parties, "parties"),
        r.Text("name"),
        r.Text("does"))
    { Line = r.Line });

    ContactClause Contact(ClauseReader r) => Finished(r, new ContactClause(
        r.Reference("party", defined.Parties, "parties"),
        r.OneOf("matter", LanguageWords.Matters),
        r.Reference("person", defined.People, "people"))
    { Line = r.Line });

    /// <summary>Null when the agreement does not have the section.</summary>
    ClauseReader? Section(string word) => root.Has(word) ? root.Map(word) : null;
}
