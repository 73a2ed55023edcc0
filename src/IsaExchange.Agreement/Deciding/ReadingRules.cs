using static IsaExchange.Agreement.RefusalReasons;

namespace IsaExchange.Agreement.Deciding;

/// <summary>What is published, to whom, for what.</summary>
static class FeedRules
{
    public static Objection? FeedExists(Matter m) => m.Rule.Requires(Needs.Feed) && m.Feed is null
        ? new(FeedNotCovered, "feeds", "The request does not say which feed.")
        : null;

    /// <summary>The steward sees every feed in order to publish it, and reads none.</summary>
    public static Objection? PartyIsReader(Matter m) =>
        m.Rule.Concern == Concern.Feeds && m.Capacity.Role != Role.Steward
        && m.Feed is { } feed && !feed.Readers.Contains(m.Capacity.Party)
            ? new(NotAReader, feed.Clause, $"{m.Party.Title} is not a reader of the feed.")
            : null;

    public static Objection? DatasetIsOfFeed(Matter m) =>
        m.Feed is { } feed && m.Request.Dataset is { } dataset && feed.Dataset != dataset
            ? new(DatasetNotCovered, feed.Clause, "The feed is not made from the dataset named.")
            : null;

    public static Objection? AreasAreInFeed(Matter m) =>
        m.Feed is { } feed && m.Request.Areas.Any(a => !feed.Areas.Contains(a))
            ? new(AreaNotCovered, feed.Clause, "The feed does not cover every area named.")
            : null;

    public static Objection? PurposeIsPermitted(Matter m)
    {
        if (m.Request.Purpose is not { } purpose)
        {
            return m.Rule.Requires(Needs.Purpose)
                ? new(PurposeRequired, m.Feed?.Clause ?? "purposes", "A purpose that the feed is for must be stated.")
                : null;
        }

        return m.Feed is { } feed && !feed.Purposes.Contains(purpose)
            ? new(PurposeNotPermitted, feed.Clause, "The feed is not published for this purpose.")
            : null;
    }
}

/// <summary>Records themselves, for the other authorities of the area.</summary>
static class RecordRules
{
    public static Objection? DatasetIsOpen(Matter m)
    {
        if (m.Rule.Concern != Concern.Records)
            return null;
        if (m.Request.Party is null || m.Request.Dataset is null || m.Owed is null)
            return new(DatasetNotCovered, "datasets", "The request does not name a dataset that a party owes.");
        return m.Records is not { } records
            ? new(RecordsClosed, "records", "The agreement opens no records of this dataset.")
            : !m.ReadsRecords
                ? new(RecordsClosed, records.Clause, $"{m.Party.Title} may not read these records.")
                : null;
    }

    /// <summary>Same area: some district of each area named is the caller's as well.</summary>
    public static Objection? AreasAreShared(Matter m)
    {
        if (m.Rule.Concern != Concern.Records)
            return null;
        if (m.Request.Areas.Any(a => !m.Owed!.Areas.Contains(a)))
            return new(AreaNotCovered, m.Owed!.Clause, "The dataset is not owed for every area named.");
        return m.Request.Areas.All(a => m.Agreement.HasPartIn(m.Party, a))
            ? null
            : new(AreaNotCovered, m.Party.Clause, $"{m.Party.Title} has no part in every area named.");
    }

    public static Objection? PurposeIsPermitted(Matter m) =>
        m.Rule.Concern == Concern.Records && m.Request.Purpose is { } purpose && !m.Records!.Purposes.Contains(purpose)
            ? new(PurposeNotPermitted, m.Records.Clause, "These records are not open for this purpose.")
            : null;

    /// <summary>Who joins later reads nothing from before, unless the agreement says so.</summary>
    public static Objection? PeriodIsSinceAccession(Matter m)
    {
        if (m.Rule.Concern is not (Concern.Records or Concern.Feeds) || m.Capacity.Role == Role.Steward)
            return null;
        var isBackData = m.Request.Period?.Start < m.Agreement.JoinedOn(m.Party);
        return isBackData && m.Agreement.Accession is not { BackData: true }
            ? new(PeriodBeforeAccession, m.Party.Clause, $"{m.Party.Title} reads nothing from before it joined.")
            : null;
    }
}
