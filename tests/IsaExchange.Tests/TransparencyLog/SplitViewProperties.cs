using IsaExchange.TransparencyLog;
using IsaExchange.TransparencyLog.Witnessing;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace IsaExchange.Tests.TransparencyLog;

/// <summary>
/// An operator who shows two histories: with a quorum of (n + f + 1) / 2 and f witnesses that sign whatever they are
/// shown, never do both have one.
/// </summary>
public class SplitViewProperties
{
    static int Worlds => Environment.GetEnvironmentVariable("ISAX_FULL") == "1" ? 1_000 : 60;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TwoHistories_NeverBothHaveAQuorum()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var (splits, quorums) = (0, 0);
        for (var world = 0; world < Worlds; world++)
        {
            var (first, second) = await SplitAsync(random);
            Assert.False(first && second, $"seed {seed}, world {world}");
            (splits, quorums) = (splits + 1, quorums + (first || second ? 1 : 0));
        }

        // Else nothing was tried: where enough are shown one of the two, it has its quorum.
        Assert.True(quorums * 4 > splits, $"seed {seed}: {quorums} of {splits}");
    }

    /// <summary>The control: one witness fewer, and a split is found.</summary>
    [Fact]
    public async Task QuorumThatIsTooSmall_IsMetTwice()
    {
        var random = new Random(20261124);
        var both = 0;
        for (var world = 0; world < 40; world++)
            both += await SplitAsync(random, spare: 1) is (true, true) ? 1 : 0;
        Assert.True(both > 0);
    }

    static async Task<(bool First, bool Second)> SplitAsync(Random random, int spare = 0)
    {
        var count = random.Next(3, 8);
        var faulty = random.Next(0, (count - 1) / 2);
        var quorum = ((count + faulty) / 2) + 1 - spare;
        using var signer = NoteSigner.Generate("log.example");
        var common = random.Next(1, 40);
        SignedTree[] sides = [new(signer), new(signer, fork: common)];
        var size = common + random.Next(1, 40);
        sides[0].GrowTo(size);
        sides[1].GrowTo(size);
        var witnesses = Enumerable.Range(0, count).Select(i => CosignatureSigner.Generate($"w{i}")).ToList();
        var shown = new List<string>[] { [], [] };
        for (var i = 0; i < count; i++)
        {
            var witness = new Witness(witnesses[i], [signer.Verifier], new OneHead(), new FakeTimeProvider());
            var order = i < faulty || random.Next(2) == 0 ? new[] { 0, 1 } : [1, 0];
            foreach (var side in order)
            {
                var at = i < faulty
                    ? new Witness(witnesses[i], [signer.Verifier], new OneHead(), new FakeTimeProvider()) : witness;
                var answer = await at.AddCheckpointAsync(await sides[side].RequestAsync(0, Ct), Ct);
                if (answer.Line is { } line)
                    shown[side].Add(line);
            }
        }

        var policy = LogPolicy.Parse($"log {signer.Verifier.VKey}\n"
            + string.Concat(witnesses.Select((w, i) => $"witness w{i} {w.Verifier.VKey}\n"))
            + $"group all {quorum} {string.Join(' ', witnesses.Select((_, i) => $"w{i}"))}\nquorum all\n");
        witnesses.ForEach(w => w.Dispose());
        return (policy.Check(await sides[0].NoteAsync(size, Ct) + string.Concat(shown[0])).IsMet,
            policy.Check(await sides[1].NoteAsync(size, Ct) + string.Concat(shown[1])).IsMet);
    }

    sealed class OneHead : IWitnessMemory
    {
        WitnessedHead? _last;

        public Task<WitnessedHead?> LastAsync(string origin, CancellationToken ct) => Task.FromResult(_last);

        public Task<bool> ReplaceAsync(WitnessedHead? last, WitnessedHead head, CancellationToken ct)
        {
            _last = head;
            return Task.FromResult(true);
        }
    }
}
