using IsaExchange.Agreement;
using Xunit;

namespace IsaExchange.Tests.Agreement;

/// <summary>The decision and a reading of policies/README.md agree on random agreements, acts and calls.</summary>
public sealed class DecideOracleProperties
{
    const int Agreements = 400;
    const int CallsEach = 250;

    [Fact]
    public void RandomCalls_AreDecidedAsTheReadmeSays()
    {
        Assert.Equal(Enum.GetValues<Verb>().Length, ReadmeOracle.Verbs);
        var seed = int.TryParse(Environment.GetEnvironmentVariable("ISAX_SEED"), out var given)
            ? given
            : Random.Shared.Next();
        var random = new RandomAgreements(seed);
        var (permits, refusals) = (0, 0);
        var permitted = new HashSet<Verb>();
        var reasons = new HashSet<string>();
        // Some verbs are seldom permitted: a run goes on until each has been, or until that is no chance any more.
        bool IsCovered() => permitted.Count == Enum.GetValues<Verb>().Length
            && reasons.IsSupersetOf(RefusalReasons.All);
        for (var n = 0; n < Agreements || (n < 10 * Agreements && !IsCovered()); n++)
        {
            var written = random.Next();
            var acts = random.Acts(written);
            var (agreement, oracle) = (written.With(acts), new ReadmeOracle(written, acts));
            for (var call = 0; call < CallsEach; call++)
            {
                var request = random.Request();
                var decision = agreement.Decide(request);
                Assert.True(decision is Permit == oracle.Permits(request),
                    $"seed {seed}, agreement {n}, call {call}: {decision}\n{Told(request, acts)}\n"
                    + written.SourceYaml);
                if (decision is Refusal refusal)
                    (refusals, _) = (refusals + 1, reasons.Add(refusal.Reason));
                else
                    (permits, _) = (permits + 1, permitted.Add(request.Verb));
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"seed {seed}: {permits} permits, {refusals} refusals, 0 differences");
        // A generator that only ever meets one answer would prove nothing.
        Assert.InRange(permits, (permits + refusals) / 50, refusals);
        Assert.Empty(Enum.GetValues<Verb>().Except(permitted));
        Assert.Empty(RefusalReasons.All.Except(reasons));
    }

    static string Told(AccessRequest q, AgreementActs acts) =>
        $"{q} areas [{string.Join(' ', q.Areas)}] stage {acts.Stage}, "
        + $"signed {string.Join(' ', acts.Signatures.Select(s => s.Party))}, "
        + $"ended {string.Join(' ', acts.Ends)}, withdrawn {string.Join(' ', acts.Withdrawals)}, "
        + $"exceptions {string.Join(' ', acts.Exceptions)}";
}
