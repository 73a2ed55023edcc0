using System.Collections.Frozen;
using static IsaExchange.Agreement.Role;

namespace IsaExchange.Agreement.Deciding;

/// <summary>When a verb can be used, by the stage and the term of the agreement and of the party.</summary>
enum Season
{
    /// <summary>At any time and in any stage, for those who have left as well: their duties and evidence go
    /// on.</summary>
    Always,

    /// <summary>In any stage, by members: bringing the agreement into force.</summary>
    WhileMember,

    /// <summary>From the first day on and for ever, suspended or ended: evidence outlives the agreement.</summary>
    OnceBegun,

    /// <summary>In term, and afterwards for what section 17A demands: the duty does not lapse with the paper.</summary>
    WhileOwed,

    /// <summary>In term and with the review not overdue beyond its grace.</summary>
    InForce,
}

/// <summary>Whose matter a verb is, and so who may learn that the thing asked for exists.</summary>
enum Concern
{
    /// <summary>The agreement as a whole, which every member knows.</summary>
    Everyone,
    OwnParty,
    Feeds,

    /// <summary>Another authority's records, for those whom the agreement lets read them.</summary>
    Records,
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
        new(Verb.CheckAccess, Concern.Everyone, Season.Always, Needs.Nothing, Everyone),
        new(Verb.ReadAgreement, Concern.Everyone, Season.Always, Needs.Nothing, Everyone),
        new(Verb.ReadObligations, Concern.Everyone, Season.Always, Needs.Nothing, Everyone),
        new(Verb.ReadCompliance, Concern.Everyone, Season.Always, Needs.Nothing, Everyone),
        new(Verb.RenewCredential, Concern.Everyone, Season.Always, Needs.Nothing, Everyone),

        new(Verb.ProposeRevision, Concern.Everyone, Season.WhileMember, Needs.Nothing, Steward),
        new(Verb.CommentRevision, Concern.Everyone, Season.WhileMember, Needs.Nothing,
            Officer, Deputy, Steward, Signatory),
        new(Verb.SignRevision, Concern.OwnParty, Season.WhileMember, Needs.Party, Signatory),
        new(Verb.ActivateRevision, Concern.Everyone, Season.WhileMember, Needs.Nothing, Steward),
        new(Verb.SuspendAgreement, Concern.Everyone, Season.OnceBegun, Needs.Nothing, Steward),
        new(Verb.ResumeAgreement, Concern.Everyone, Season.OnceBegun, Needs.Nothing, Steward),
        new(Verb.RetireAgreement, Concern.Everyone, Season.OnceBegun, Needs.Nothing, Steward),
        new(Verb.WithdrawParty, Concern.OwnParty, Season.OnceBegun, Needs.Party, Signatory),

        new(Verb.DesignateOfficer, Concern.OwnParty, Season.Always, Needs.Party, Signatory),
        new(Verb.AppointDeputy, Concern.OwnParty, Season.Always, Needs.Party, Signatory, Officer),
        new(Verb.EndDesignation, Concern.OwnParty, Season.Always, Needs.Party, Signatory, Officer),
        new(Verb.ReadHandover, Concern.OwnParty, Season.OnceBegun, Needs.Party, Officer, Deputy, Signatory),
        new(Verb.ReadCredentials, Concern.OwnParty, Season.Always, Needs.Party, Officer, Deputy, Signatory),
        new(Verb.EnrolCredential, Concern.OwnParty, Season.Always, Needs.Party, Officer, Deputy, Signatory),
        new(Verb.RevokeCredential, Concern.OwnParty, Season.Always, Needs.Party, Officer, Deputy, Signatory),
        new(Verb.LinkIdentity, Concern.OwnParty, Season.Always, Needs.Party, Officer, Deputy, Signatory),

        new(Verb.GrantException, Concern.Everyone, Season.OnceBegun, Needs.Nothing, Steward),
        new(Verb.WithholdReturn, Concern.OwnParty, Season.WhileOwed,
            Needs.Party | Needs.Dataset | Needs.Areas | Needs.Period, Officer, Deputy),
        new(Verb.SendReminder, Concern.Everyone, Season.OnceBegun, Needs.Nothing, Steward),
        new(Verb.ReadNotices, Concern.OwnParty, Season.OnceBegun, Needs.Nothing, Officer, Deputy, Signatory)
        {
            ForEveryParty = [Steward],
        },

        new(Verb.CreateSubmission, Concern.OwnParty, Season.WhileOwed,
            Needs.Party | Needs.Dataset | Needs.Areas | Needs.Period, Sender, Officer, Deputy) { IsLocked = true },
        new(Verb.WriteContent, Concern.OwnParty, Season.WhileOwed, Needs.Party | Needs.Dataset,
            Sender, Officer, Deputy) { IsLocked = true },
        new(Verb.ReadSubmission, Concern.OwnParty, Season.OnceBegun, Needs.Party, Sender, Officer, Deputy),
        new(Verb.Submit, Concern.OwnParty, Season.WhileOwed, Needs.Party | Needs.Dataset,
            Sender, Officer, Deputy) { IsLocked = true },
        new(Verb.Explain, Concern.OwnParty, Season.WhileOwed, Needs.Party | Needs.Dataset, Officer, Deputy),
        new(Verb.ExportRecords, Concern.OwnParty, Season.InForce, Needs.Party | Needs.Dataset | Needs.Purpose,
            Officer, Deputy),
        new(Verb.WithdrawSubmission, Concern.OwnParty, Season.OnceBegun, Needs.Party | Needs.Dataset,
            Officer, Deputy),
        new(Verb.FreezeSubmission, Concern.OwnParty, Season.OnceBegun, Needs.Party | Needs.Dataset, Officer, Deputy)
        {
            ForEveryParty = [Steward],
        },
        new(Verb.UnfreezeSubmission, Concern.OwnParty, Season.OnceBegun, Needs.Party | Needs.Dataset, Officer, Deputy)
        {
            ForEveryParty = [Steward],
        },
        new(Verb.ReadRecall, Concern.OwnParty, Season.OnceBegun, Needs.Party, Officer, Deputy)
        {
            ForEveryParty = [Steward],
        },
        new(Verb.ReadRecords, Concern.Records, Season.InForce,
            Needs.Party | Needs.Dataset | Needs.Areas | Needs.Purpose, Analyst, Officer, Deputy),

        new(Verb.PublishRelease, Concern.Feeds, Season.InForce, Needs.Feed, Steward),
        new(Verb.ApproveRelease, Concern.Feeds, Season.InForce, Needs.Feed, Steward),
        new(Verb.RetractRelease, Concern.Feeds, Season.OnceBegun, Needs.Feed, Steward),
        new(Verb.ListFeeds, Concern.Feeds, Season.InForce, Needs.Nothing, Analyst, Officer, Deputy, Steward),
        new(Verb.ReadRelease, Concern.Feeds, Season.InForce, Needs.Feed | Needs.Purpose, Analyst, Officer, Deputy),

        new(Verb.MakeRequest, Concern.Everyone, Season.InForce, Needs.Party, Analyst, Officer, Deputy),
        new(Verb.AnswerRequest, Concern.OwnParty, Season.OnceBegun, Needs.Party, Officer, Deputy),
        new(Verb.ReadRequests, Concern.OwnParty, Season.OnceBegun, Needs.Nothing, Analyst, Officer, Deputy)
        {
            ForEveryParty = [Steward],
        },

        new(Verb.ReadAudit, Concern.OwnParty, Season.OnceBegun, Needs.Nothing, Officer, Deputy)
        {
            ForEveryParty = [Auditor],
        },
        new(Verb.ExportLog, Concern.OwnParty, Season.OnceBegun, Needs.Nothing, Officer, Deputy)
        {
            ForEveryParty = [Auditor],
        },
    }.ToFrozenDictionary(rule => rule.Verb);

    /// <summary>Roles that act for every party, and so may know what each of them has.</summary>
    public Role[] ForEveryParty { get; private init; } = [];

    /// <summary>Whether a locked period refuses it.</summary>
    public bool IsLocked { get; private init; }

    /// <summary>Null for a verb that nobody wrote a rule for: it is then refused.</summary>
    public static VerbRule? For(Verb verb) => Table.GetValueOrDefault(verb);

    public bool Requires(Needs need) => (Needs & need) == need;

    public bool Permits(Role role) => Roles.Contains(role) || ForEveryParty.Contains(role);

    /// <summary>Whether stage and term of the agreement do not matter.</summary>
    public bool IsOfAnyStage => Season is Season.Always or Season.WhileMember;

    public bool IsOfOneParty => Concern == Concern.OwnParty;
}
