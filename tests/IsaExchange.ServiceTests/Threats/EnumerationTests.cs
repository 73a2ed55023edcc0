using System.Diagnostics;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using IsaExchange.ServiceTests.Harness;
using Xunit;

namespace IsaExchange.ServiceTests.Threats;

/// <summary>
/// Somebody who may not know of a thing asks for it by every RPC, and for things that do not exist: no answer differs
/// in a byte but the name asked for, and the time it takes tells nothing either.
/// </summary>
[Collection(ThreatsTogether.Name)]
public sealed class EnumerationTests(ThreatsExchange northmere)
{
    /// <summary>Level of the test over all RPCs together: one false alarm in a hundred runs.</summary>
    const double Level = 0.01;

    static readonly string[] Outsiders = [Northmere.WestOfficer, Northmere.WestSender, ThreatsExchange.Stranger];

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    static int Probes => Environment.GetEnvironmentVariable("ISAX_FULL") is null ? 1_000 : 10_000;

    [Fact]
    public async Task Probes_OfWhatIsHidden_TellNothing()
    {
        // A signature names its party inside the text that is signed, not in a name to be swapped here.
        var rpcs = RawCall.All.Where(rpc => rpc.Name != "SignRevision"
            && Outsiders.All(who => Expected(rpc, who) == "NotFound NOT_FOUND")).ToList();
        Assert.True(rpcs.Count >= 12, $"only {rpcs.Count} RPCs are hidden from outsiders");
        var pairs = (Probes / 2 / rpcs.Count) + 1;
        var distinguishable = new List<string>();
        foreach (var rpc in rpcs)
        {
            var p = await ProbeAsync(rpc, pairs);

            // A busy machine can fool one sample. What really differs, differs again.
            if (p < Level / rpcs.Count && (p = await ProbeAsync(rpc, pairs)) < Level / rpcs.Count)
                distinguishable.Add($"{rpc.FullName}: the times differ (p = {p:g2})");
        }

        Assert.Empty(distinguishable);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{2 * pairs * rpcs.Count} probes of {rpcs.Count} RPCs, 0 distinguishable (p > {Level} over all of them)");
    }

    static string Expected(MethodDescriptor rpc, string who) => AuthorisationTable.Expected
        [$"{rpc.Service.Name}.{rpc.Name}"][AuthorisationTable.Callers.ToList().IndexOf(who)];

    /// <summary>Probability of such times if existing and absent things took the same.</summary>
    async Task<double> ProbeAsync(MethodDescriptor rpc, int pairs)
    {
        var request = Encoding.Latin1.GetString(
            AuthorisationTable.Request($"{rpc.Service.Name}.{rpc.Name}", northmere).ToByteArray());
        var existing = new[] { northmere.Target.Name, Northmere.StreetFeed, Northmere.Street, Northmere.Police }
            .First(name => request.Contains(name, StringComparison.Ordinal));
        var (there, absent) = (new List<double>(), new List<double>());
        await Parallel.ForEachAsync(Enumerable.Range(0, pairs), Stop, async (n, _) =>
        {
            var who = Outsiders[n % Outsiders.Length];
            var other = Absent(existing, n);
            var first = n % 2 == 0 ? existing : other;
            var second = n % 2 == 0 ? other : existing;
            var (answer, time) = await AskAsync(who, rpc, request, existing, first);
            var (again, timeAgain) = await AskAsync(who, rpc, request, existing, second);
            Assert.True(answer == again, $"{rpc.FullName}:\n{answer}\n{again}\n{northmere.Exchange.Incidents}");
            lock (there)
            {
                (first == existing ? there : absent).Add(time);
                (second == existing ? there : absent).Add(timeAgain);
            }
        });
        return RankSum(there, absent);
    }

    /// <summary>A name of the same form and length that names nothing.</summary>
    static string Absent(string existing, int n) => existing.Contains("/submissions/", StringComparison.Ordinal)
        ? existing[..^32] + Guid.NewGuid().ToString("N")
        : existing.Contains("street", StringComparison.Ordinal)
            ? existing.Replace("street", "strait", StringComparison.Ordinal)
            : existing.Replace("police", n % 2 == 0 ? "polite" : "poland", StringComparison.Ordinal);

    async Task<(string Answer, double Milliseconds)> AskAsync(
        string who, MethodDescriptor rpc, string request, string existing, string name)
    {
        var bytes = Encoding.Latin1.GetBytes(request.Replace(existing, name, StringComparison.Ordinal));
        var started = Stopwatch.GetTimestamp();
        var refused = await Assert.ThrowsAsync<RpcException>(() => RawCall.SendAsync(
            northmere.Exchange.As(who), rpc.Service.FullName, rpc.Name, new CallOptions(cancellationToken: Stop),
            bytes));
        var took = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        return ($"{Problem.Of(refused)} {Problem.Of(refused).StatusWithout(name)}", took);
    }

    /// <summary>Two-sided p of the Mann-Whitney test, by the normal approximation with ties sharing ranks.</summary>
    static double RankSum(List<double> a, List<double> b)
    {
        var ranks = a.Concat(b).Order().Select((value, index) => (value, rank: index + 1.0))
            .GroupBy(x => x.value).ToDictionary(g => g.Key, g => g.Average(x => x.rank));
        var u = a.Sum(x => ranks[x]) - (a.Count * (a.Count + 1) / 2.0);
        var mean = a.Count * b.Count / 2.0;
        var deviation = Math.Sqrt(a.Count * b.Count * (a.Count + b.Count + 1) / 12.0);
        return Tail(Math.Abs(u - mean) / deviation);
    }

    /// <summary>Both tails of the normal distribution beyond z: Abramowitz and Stegun 7.1.26.</summary>
    static double Tail(double z)
    {
        var x = z / Math.Sqrt(2);
        var t = 1 / (1 + (0.3275911 * x));
        var series = t * (0.254829592 + (t * (-0.284496736 + (t * (1.421413741 + (t * (-1.453152027
            + (t * 1.061405429))))))));
        return series * Math.Exp(-x * x);
    }
}
