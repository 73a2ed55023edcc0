namespace IsaExchange.Agreement.Language;

/// <summary>The content of an agreement without its layout: what the revision is made of.</summary>
sealed record AgreementText
{
    public required string Id { get; init; }

    public required string Title { get; init; }

    public required string Owner { get; init; }

    public required DateOnly From { get; init; }

    public required DateOnly To { get; init; }

    public required DateOnly ReviewDue { get; init; }

    public required int ReviewGraceDays { get; init; }

    public required IReadOnlyList<string> LegalBases { get; init; }

    public required GeographyClause Geography { get; init; }

    public required IReadOnlyList<PartyClause> Parties { get; init; }

    public required IReadOnlyList<AreaClause> Areas { get; init; }

    public required IReadOnlyList<PersonClause> People { get; init; }

    public required IReadOnlyList<OfficerClause> Officers { get; init; }

    public required IReadOnlyList<SenderClause> Senders { get; init; }

    public required IReadOnlyList<RoleClause> Roles { get; init; }

    public required IReadOnlyList<PurposeClause> Purposes { get; init; }

    public required IReadOnlyList<DatasetOwedClause> DatasetsOwed { get; init; }

    public required IReadOnlyList<FeedClause> Feeds { get; init; }

    public required IReadOnlyList<RetentionClause> Retention { get; init; }

    public required SigningClause Signing { get; init; }

    public required AccessionClause? Accession { get; init; }

    public required WithdrawalClause? Withdrawal { get; init; }

    public required IReadOnlyList<RecordsClause> Records { get; init; }

    public required RequestsClause? Requests { get; init; }

    public required BreachClause? Breach { get; init; }

    public required ComplianceClause Compliance { get; init; }

    public required IReadOnlyList<QualityClause> Quality { get; init; }
}
