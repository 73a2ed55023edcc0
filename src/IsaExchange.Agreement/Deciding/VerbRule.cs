using System.Collections.Frozen;

namespace IsaExchange.Agreement.Deciding;

/// <summary>When a verb can be used, with respect to the term of the agreement and of the party.</summary>
enum Season
{
    /// <summary>At any time the party is a member: reading the agreement itself.</summary>
    WhileMember,

    /// <summary>From the first day on and for ever: evidence outlives the agreement.</summary>
    OnceBegun,

    /// <summary>In term, and afterwards for what section 17A demands: the duty does not lapse with the paper.</summary>
    WhileOwed,

    /// <summary>In term and with the review not overdue beyond its grace.</summary>
    InForce,
}

/// <summary>Whose matter a verb is, and so who may learn that the thing asked for exists.</summary>
enum Concern
{
    Everyone,
    OwnParty,
    Feeds,
}

/// <summary>What a request must say for its verb to be judged at all.</summary>
[Flags]
enum Needs
{
    Nothing = 0,
    Party = 1,
    Dataset = 2,
    Areas = 4,
    Period = 8,
    Feed = 16,
    Purpose = 32,
}

/// <summary>One row of the rules of the road.</summary>
sealed record VerbRule(Verb Verb, Concern Concern, Season Season, Needs Needs, params Role[] Roles)
{
    static readonly Role[] Everyone = Enum.GetValues<Role>();

    static readonly FrozenDictionary<Verb, VerbRule> Table = new VerbRule[]
    {
        new(Verb.CheckAccess, Concern.Everyone, Season.WhileMember, Needs.Nothing, Everyone),
        new(Verb.ReadAgreement, Concern.Everyone, Season.WhileMember, Needs.Nothing, Everyone),
        new(Verb.ReadObligations, Concern.Everyone, Season.WhileMember, Needs.Nothing, Everyone),
        new(Verb.CreateSubmission, Concern.OwnParty, Season.WhileOwed,
            Needs.Party | Needs.Dataset | Needs.Areas | Needs.Period, Role.Sender, Role.Officer, Role.Deputy),
        new(Verb.WriteContent, Concern.OwnParty, Season.WhileOwed, Needs.Party | Needs.Dataset,
            Role.Sender, Role.Officer, Role.Deputy),
        new(Verb.ReadSubmission, Concern.OwnParty, Season.WhileOwed, Needs.Party,
            Role.Sender, Role.Officer, Role.Deputy),
        new(Verb.Submit, Concern.OwnParty, Season.WhileOwed, Needs.Party | Needs.Dataset,
            Role.Sender, Role.Officer, Role.Deputy),
        new(Verb.Explain, Concern.OwnParty, Season.WhileOwed, Needs.Party | Needs.Dataset,
            Role.Officer, Role.Deputy),
        new(Verb.ExportRecords, Concern.OwnParty, Season.InForce, Needs.Party | Needs.Dataset | Needs.Purpose,
            Role.Officer, Role.Deputy),
        new(Verb.PublishRelease, Concern.Feeds, Season.InForce, Needs.Feed, Role.Steward),
        new(Verb.ListFeeds, Concern.Feeds, Season.InForce, Needs.Nothing,
            Role.Analyst, Role.Officer, Role.Deputy, Role.Steward),
        new(Verb.ReadRelease, Concern.Feeds, Season.InForce, Needs.Feed | Needs.Purpose,
            Role.Analyst, Role.Officer, Role.Deputy),
        new(Verb.ReadAudit, Concern.OwnParty, Season.OnceBegun, Needs.Nothing,
            Role.Officer, Role.Deputy, Role.Auditor),
        new(Verb.ExportLog, Concern.OwnParty, Season.OnceBegun, Needs.Nothing,
            Role.Officer, Role.Deputy, Role.Auditor),
    }.ToFrozenDictionary(rule => rule.Verb);

    /// <summary>Null for a verb that nobody wrote a rule for: it is then refused.</summary>
    public static VerbRule? For(Verb verb) => Table.GetValueOrDefault(verb);

    public bool Requires(Needs need) => (Needs & need) == need;

    public bool IsOfOneParty => Concern == Concern.OwnParty;
}
