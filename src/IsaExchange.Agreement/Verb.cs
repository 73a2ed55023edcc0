using System.Collections.Frozen;
using IsaExchange.Agreement.Language;

namespace IsaExchange.Agreement;

/// <summary>What a caller can ask of the exchange: every call is one of these.</summary>
public enum Verb
{
    CheckAccess,
    ReadAgreement,
    ReadObligations,
    CreateSubmission,
    WriteContent,
    ReadSubmission,
    Submit,
    Explain,
    ExportRecords,
    PublishRelease,
    ApproveRelease,
    RetractRelease,
    ListFeeds,
    ReadRelease,
    ReadAudit,
    ExportLog,

    // The agreement itself.
    ProposeRevision,
    CommentRevision,
    SignRevision,
    ActivateRevision,
    SuspendAgreement,
    ResumeAgreement,
    RetireAgreement,
    WithdrawParty,

    // People and their credentials.
    DesignateOfficer,
    AppointDeputy,
    EndDesignation,
    ReadHandover,
    ReadCredentials,
    EnrolCredential,
    RenewCredential,
    RevokeCredential,
    LinkIdentity,

    // Duties.
    ReadCompliance,
    GrantException,
    WithholdReturn,
    SendReminder,
    ReadNotices,

    // What was submitted.
    WithdrawSubmission,
    FreezeSubmission,
    UnfreezeSubmission,
    ReadRecall,
    ReadRecords,

    // Requests for information.
    MakeRequest,
    AnswerRequest,
    ReadRequests,
}

/// <summary>The names of the verbs on the wire, in test cases and in the log.</summary>
public static class VerbNames
{
    static readonly FrozenDictionary<Verb, string> Names =
        Enum.GetValues<Verb>().ToFrozenDictionary(v => v, Words.Kebab);

    static readonly FrozenDictionary<string, Verb> Verbs =
        Names.ToFrozenDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);

    public static IReadOnlyCollection<string> All => Verbs.Keys;

    public static string Name(Verb verb) => Names.TryGetValue(verb, out var name)
        ? name
        : throw new ArgumentOutOfRangeException(nameof(verb), "Not a verb of the exchange.");

    public static bool TryParse(string? name, out Verb verb)
    {
        verb = default;
        return name is not null && Verbs.TryGetValue(name, out verb);
    }
}
