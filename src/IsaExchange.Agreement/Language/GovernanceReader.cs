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
        r.Texts("columns"),
        r.References("purposes", defined.Purposes, "purposes"))
    { Line = r.Line });

    ComplianceClause Compliance() => Section("compliance") is { } r
        ? Finished(r, new ComplianceClause(
            r.OptionalNumbers("remind_days_before", 0, DaysMax),
            r.OptionalNumbers("escalate_days_after", 0, DaysMax),
            r.OptionalNumber("lock_days_after", 0, 10 * DaysMax)))
        : new ComplianceClause([], [], null);

    QualityClause Quality(ClauseReader r) => Finished(r, new QualityClause(
        r.Reference("dataset", defined.Datasets, "datasets"),
        r.Text("caveat"))
    { Line = r.Line });

    /// <summary>Null when the agreement does not have the section.</summary>
    ClauseReader? Section(string word) => root.Has(word) ? root.Map(word) : null;
}
