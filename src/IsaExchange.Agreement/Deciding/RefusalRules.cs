using IsaExchange.Agreement.Language;
using IsaExchange.Agreement.Obligations;
using static IsaExchange.Agreement.RefusalReasons;

namespace IsaExchange.Agreement.Deciding;

/// <summary>Every word of a request is one that the agreement holds, whether the verb needs it or not.</summary>
static class WordRules
{
    public static Objection? AreKnown(Matter m)
    {
        var (a, r) = (m.Agreement, m.Request);
        if (r.Party is not null && a.Party(r.Party) is null)
            return new(PartyNotCovered, "parties", "The agreement has no such party.");
        if (r.Dataset is not null && a.DatasetsOwed.All(d => d.Dataset != r.Dataset))
            return new(DatasetNotCovered, "datasets", "The agreement covers no such dataset.");
        if (r.Areas.Any(code => a.Areas.All(area => area.Code != code)))
            return new(AreaNotCovered, "areas", "The agreement does not know one of the areas.");
        if (r.Feed is not null && m.Feed is null)
            return new(FeedNotCovered, "feeds", "The agreement publishes no such feed.");
        if (r.Purpose is not null && a.Purposes.All(p => p.Id != r.Purpose))
            return new(PurposeNotPermitted, "purposes", "The purpose is not on the agreement's list.");
        return null;
    }
}

/// <summary>Whether the revision is in force: signed, not suspended, for this party.</summary>
static class StageRules
{
    public static Objection? RevisionIsInForce(Matter m)
    {
        if (m.Rule.IsOfAnyStage)
            return null;
        var a = m.Agreement;
        return a.Acts.Stage switch
        {
            AgreementStage.InForce => null,
            AgreementStage.Suspended or AgreementStage.Retired when m.Rule.Season == Season.OnceBegun => null,
            AgreementStage.Suspended => new(AgreementSuspended, "suspension", "The agreement is suspended."),
            AgreementStage.Retired when m.IsStatutoryDuty => null,
            AgreementStage.Retired => new(AgreementNotInForce, "retirement", "The agreement was ended early."),
            AgreementStage.Replaced => new(AgreementNotInForce, "signing", "A later revision is in force."),
            _ => new(AgreementNotInForce, "signing",
                $"{a.SignedParties.Count} of {a.Signing.Quorum} signatures; the revision is not in force."),
        };
    }

    /// <summary>Evidence is for those who have left as well; everything else is for those who have signed.</summary>
    public static Objection? PartyHasSigned(Matter m) =>
        m.Rule.IsOfAnyStage || m.Rule.Season == Season.OnceBegun || m.Agreement.SignedParties.Contains(m.Party.Id)
            ? null
            : new(PartyNotSigned, "signing", $"{m.Party.Title} has not signed this revision.");
}

/// <summary>Dates: of the agreement, of the party, of the caller's own clause.</summary>
static class TermRules
{
    public static Objection? AgreementIsInTerm(Matter m)
    {
        var (a, today) = (m.Agreement, m.Today);
        if (m.Rule.IsOfAnyStage)
            return null;
        if (today < a.From)
            return new(AgreementNotInForce, "from", $"The agreement is in force from {a.From:d MMM yyyy}.");
        if (m.Rule.Season == Season.OnceBegun || m.IsStatutoryDuty)
            return null;
        if (today > a.To)
            return new(AgreementNotInForce, "to", $"The agreement ended on {a.To:d MMM yyyy}.");
        if (m.Rule.Season == Season.InForce && today > a.ReviewGraceEnd)
            return new(
                ReviewOverdue,
                "review",
                $"The review was due on {a.ReviewDue:d MMM yyyy}; its grace ended on {a.ReviewGraceEnd:d MMM yyyy}.");
        return null;
    }

    public static Objection? PartyIsMember(Matter m)
    {
        var (party, today) = (m.Party, m.Today);
        if (today < party.From && !m.Rule.IsOfAnyStage)
            return new(PartyNotCovered, party.Clause, $"{party.Title} is a party from {party.From:d MMM yyyy}.");
        if (m.Agreement.SuccessorsOn(party.Id, today) is [var successor, ..])
            return new(PartyNotCovered, party.Clause, $"{successor.Title} has taken the place of {party.Title}.");

        // A party's own duties and evidence outlive its membership; to act for all the others does not.
        var actsForAll = !m.Rule.IsOfOneParty || m.Rule.ForEveryParty.Contains(m.Capacity.Role);
        if (m.Rule.Season == Season.Always || (m.Rule.Season == Season.OnceBegun && !actsForAll) || m.IsStatutoryDuty)
            return null;
        var last = Terms.Earliest(party.To, party.WithdrawnAfter);
        return today > last
            ? new(PartyNotCovered, party.Clause, $"{party.Title} was a party until {last:d MMM yyyy}.")
            : null;
    }

    public static Objection? CallerIsDesignated(Matter m)
    {
        var capacity = m.Capacity;
        var reason = capacity.Officer is null ? RoleNotInTerm : NotDesignatedOfficer;
        if (capacity.Officer?.Ended is { } ended && ended <= m.Request.Time)
            return new(reason, capacity.Clause, $"The caller's designation for {m.Party.Title} has been ended.");
        if (Terms.Holds(capacity.From, capacity.To, m.Today))
            return null;
        var dates = m.Today < capacity.From
            ? $"begins on {capacity.From:d MMM yyyy}"
            : $"ended on {capacity.To:d MMM yyyy}";
        return new(reason, capacity.Clause, $"The caller's designation for {m.Party.Title} {dates}.");
    }
}

/// <summary>Who may do what, and for whom.</summary>
static class RoleRules
{
    public static Objection? RolePermitsVerb(Matter m)
    {
        var capacity = m.Capacity;
        var verb = VerbNames.Name(m.Request.Verb);
        if (m.Rule.Permits(capacity.Role))
        {
            return m.Request.Verb == Verb.Submit && capacity.Sender is { Unattended: false }
                ? new(NotDesignatedOfficer, capacity.Clause,
                    "The sender is not designated unattended: the liaison officer submits what it sends.")
                : null;
        }

        return m.Rule.IsOfOneParty
            ? new(NotDesignatedOfficer, capacity.Clause, $"{verb} is for the liaison officer of {m.Party.Title}.")
            : new(RoleNotPermitted, capacity.Clause, $"{verb} is not for the role of {Words.Kebab(capacity.Role)}.");
    }

    public static Objection? PartyIsOwn(Matter m)
    {
        if (m.Request.Party is null)
        {
            return m.Rule.Requires(Needs.Party)
                ? new(PartyNotCovered, m.Capacity.Clause, "The request does not say for which party.")
                : null;
        }

        return !m.Rule.IsOfOneParty || m.IsOwn(m.Request.Party) || m.Rule.ForEveryParty.Contains(m.Capacity.Role)
            ? null
            : new(PartyNotCovered, m.Capacity.Clause, $"The caller acts for {m.Party.Title} and for no other party.");
    }
}

/// <summary>What a party owes: dataset, areas, periods.</summary>
static class DatasetRules
{
    public static Objection? DatasetIsOwed(Matter m)
    {
        if (!m.Rule.IsOfOneParty)
            return null;
        if (m.Request.Dataset is null)
        {
            return m.Rule.Requires(Needs.Dataset)
                ? new(DatasetNotCovered, "datasets", "The request does not say which dataset.")
                : null;
        }

        return m.Agreement.Owed(m.Request.Party ?? m.Capacity.Party, m.Request.Dataset) is null
            ? new(DatasetNotCovered, "datasets", "The party does not owe the dataset.")
            : null;
    }

    public static Objection? SenderSendsDataset(Matter m)
    {
        if (!m.Rule.IsOfOneParty || m.Capacity.Sender is not { } sender)
            return null;
        return m.Request.Dataset is { } dataset && sender.Datasets.Contains(dataset)
            ? null
            : new(DatasetNotCovered, sender.Clause, "The dataset is not one of those the sender sends.");
    }

    public static Objection? AreasAreOwed(Matter m)
    {
        if (m.Rule.Requires(Needs.Areas) && m.Request.Areas.Count == 0)
            return new(AreaNotCovered, "areas", "The request names no area.");
        return m.Rule.IsOfOneParty && m.Owed is { } owed && m.Request.Areas.Any(a => !owed.Areas.Contains(a))
            ? new(AreaNotCovered, owed.Clause, "The dataset is not owed for every area named.")
            : null;
    }

    public static Objection? OfficerAnswersForAreas(Matter m)
    {
        if (!m.Rule.IsOfOneParty || m.Capacity.Officer is not { } officer)
            return null;
        return m.Request.Areas.Any(a => !m.Agreement.LiesIn(a, officer.Areas))
            ? new(AreaNotCovered, officer.Clause, "The caller's designation does not reach every area named.")
            : null;
    }

    public static Objection? PeriodFits(Matter m)
    {
        if (m.Request.Period is not { } period)
        {
            return m.Rule.Requires(Needs.Period)
                ? new(PeriodNotAligned, m.Owed?.Clause ?? "datasets", "The request does not say for which period.")
                : null;
        }

        var dataset = m.Feed?.Dataset ?? m.Request.Dataset;
        var party = m.Rule.IsOfOneParty ? m.Request.Party ?? m.Capacity.Party : m.Request.Party;
        var clauses = m.Agreement.DatasetsOwed
            .Where(d => dataset is null || d.Dataset == dataset)
            .Where(d => party is null || m.Feed is not null || d.Party == party);
        return clauses.Any(d => d.Accepts(period))
            ? null
            : new(PeriodNotAligned, m.Owed?.Clause ?? m.Feed?.Clause ?? "datasets",
                "The period is neither an information period of the dataset nor a month inside one.");
    }

    /// <summary>Long after its due day a period closes; an exception opens it again for a while.</summary>
    public static Objection? PeriodIsOpen(Matter m)
    {
        if (!m.Rule.IsLocked || m.Request.Period is not { } period || m.Owed is not { } owed)
            return null;
        var (days, exceptions) = (m.Agreement.Compliance.LockDaysAfter, m.Agreement.Acts.Exceptions);

        // A request that names no area has no exception: it could be about any of them.
        IReadOnlyList<string> areas = m.Request.Areas.Count > 0 ? m.Request.Areas : [""];
        return areas.Any(area => PeriodLock.IsLocked(owed, area, period, days, exceptions, m.Request.Time))
            ? new(PeriodLocked, "compliance",
                $"The period was locked {days} days after it was due. Ask the steward for an exception.")
            : null;
    }

    public static Objection? PeriodIsOwed(Matter m)
    {
        if (m.Request.Period is not { } period || m.Owed is not { } owed || m.Rule.Season != Season.WhileOwed)
            return null;
        if (period.Start < m.Agreement.Party(owed.Party)?.From)
            return new(PeriodBeforeAccession, $"parties[{owed.Party}]", "The party had not joined yet.");
        var isInTerm = period.Start >= m.Agreement.From && period.LastDay <= m.Agreement.To;
        if (!isInTerm || !m.Agreement.Expects(owed, owed.PeriodContaining(period.Start)))
            return new(PeriodNotOwed, owed.Clause, "The dataset is not owed for this period.");
        if (m.Request.Areas.Any(area => !m.Agreement.Exists(area, owed.PeriodContaining(period.Start))))
            return new(AreaNotCovered, "areas", "One of the areas does not exist for the whole of the period.");
        return period.Start > m.Today
            ? new(PeriodNotOpen, owed.Clause, $"The period begins on {period.Start:d MMM yyyy}.")
            : null;
    }
}
