using System.Globalization;
using IsaExchange.Agreement;
using IsaExchange.Exchange.Storage.Catalogue;

namespace IsaExchange.Exchange.Register;

/// <summary>Turns rows into the acts of one revision.</summary>
static class RegisterActs
{
    /// <exception cref="FormatException">A row holds what nobody could have written: a day, a stage.</exception>
    /// <exception cref="ArgumentException">The same of a time.</exception>
    /// <param name="carried">Signatures under the revision before, when this one carries them on.</param>
    public static AgreementActs Of(
        RegisterRead read, RevisionRow row, SharingAgreement text, IReadOnlyList<SignatureAct> carried)
    {
        var key = (row.Agreement, row.Revision);
        var parties = text.Parties.ToDictionary(p => p.Id, StringComparer.Ordinal);
        var own = read.Signatures[key].Select(s => new SignatureAct(s.Party, s.Person, s.Office, At(s.Ticks))).ToList();
        return new AgreementActs
        {
            Stages = [.. read.Stages[key].Select(s => new StageChange(Stage(s.Stage), At(s.Ticks)))],
            Signatures =
            [
                .. own,
                .. carried.Where(c => parties.ContainsKey(c.Party) && own.TrueForAll(s => s.Party != c.Party)),
            ],
            People = [.. read.People[row.Agreement].Select(p => new PersonClause(p.Person, p.Name, p.Contact))],
            Designations =
            [
                .. read.Designations[row.Agreement].Where(d => parties.ContainsKey(d.Party)).Select(Designation),
            ],
            Ends = [.. read.Ends[row.Agreement].Where(e => EndHolds(e, row)).Select(
                e => new DesignationEnd(e.Clause, At(e.Ticks)))],

            // A revision in which the party begins anew after its last day has taken it back.
            Withdrawals =
            [
                .. read.Withdrawals[row.Agreement]
                    .Where(w => parties.TryGetValue(w.Party, out var p) && !(p.From > Day(w.LastDay)))
                    .Select(w => new WithdrawalAct(w.Party, Day(w.LastDay), At(w.Ticks))),
            ],
            Exceptions = [.. read.Exceptions[row.Agreement].SelectMany(ReturnActsReader.ToActs)],
        };
    }

    /// <summary>
    /// The end of a designation in the text holds for the revisions that were written before it; one written after it
    /// says for itself who is designated.
    /// </summary>
    static bool EndHolds(DesignationEndRow end, RevisionRow row) =>
        end.Clause.StartsWith("designations[", StringComparison.Ordinal) || row.Ticks <= end.Ticks;

    static DesignationAct Designation(DesignationRow row) => new(
        row.Id, row.Party, row.Person, row.Areas.Split(','), Day(row.From), Day(row.To), row.Deputy, At(row.Ticks));

    static AgreementStage Stage(int number) => Enum.IsDefined((AgreementStage)number)
        ? (AgreementStage)number
        : throw new FormatException("There is no such stage.");

    public static DateTimeOffset At(long ticks) => new(ticks, TimeSpan.Zero);

    public static DateOnly Day(string iso) => DateOnly.ParseExact(iso, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
