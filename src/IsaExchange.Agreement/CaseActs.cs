using IsaExchange.Agreement.Language;

namespace IsaExchange.Agreement;

/// <summary>
/// What a case supposes to have been done: a stage other than in force, parties that have not signed, and so on. All
/// of it was done long before the request, so that the order of acts and request is never the question.
/// </summary>
public sealed record CaseActs(
    AgreementStage Stage,
    IReadOnlyList<string> NotSigned,
    IReadOnlyList<ExceptionAct> Exceptions,
    IReadOnlyList<WithdrawalAct> Withdrawals,
    IReadOnlyList<string> Ended)
{
    static readonly string[] Stages = [.. Enum.GetValues<AgreementStage>().Select(Words.Kebab)];

    /// <summary>In force, signed by everybody, and nothing else.</summary>
    public static CaseActs None { get; } = new(AgreementStage.InForce, [], [], [], []);

    static DateTimeOffset Before => DateTimeOffset.UnixEpoch;

    public AgreementActs Under(SharingAgreement agreement)
    {
        var all = AgreementActs.SignedByAll(agreement, Before);
        return all with
        {
            Stages = [new(Stage, Before)],
            Signatures = [.. all.Signatures.Where(s => !NotSigned.Contains(s.Party))],
            Exceptions = Exceptions,
            Withdrawals = Withdrawals,
            Ends = [.. Ended.Select(clause => new DesignationEnd(clause, Before))],
        };
    }

    internal static CaseActs Read(ClauseReader r) => new(
        StageOf(r),
        r.Has("unsigned") ? r.Texts("unsigned") : [],
        [.. r.OptionalMaps("exceptions", "party", "dataset").Select(Exception)],
        [.. r.OptionalMaps("withdrawn", "party").Select(Withdrawal)],
        r.Has("ended") ? r.Texts("ended") : []);

    static AgreementStage StageOf(ClauseReader r)
    {
        var word = r.Has("stage") ? r.OneOf("stage", Stages) : Words.Kebab(AgreementStage.InForce);
        return Enum.GetValues<AgreementStage>().FirstOrDefault(s => Words.Kebab(s) == word);
    }

    static ExceptionAct Exception(ClauseReader r)
    {
        var act = new ExceptionAct(
            r.Text("party"), r.Text("dataset"), r.Text("area"), r.Date("period_start"), r.Date("until"), Before);
        r.Finish();
        return act;
    }

    static WithdrawalAct Withdrawal(ClauseReader r)
    {
        var act = new WithdrawalAct(r.Text("party"), r.Date("last_day"), Before);
        r.Finish();
        return act;
    }
}
