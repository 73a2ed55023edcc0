using Xunit;

namespace IsaExchange.Tests.Repository;

/// <summary>A broken house rule: where, and what to do about it.</summary>
public sealed record Fault(string File, int Line, string Advice)
{
    public override string ToString() => $"{File}:{Line}: {Advice}";

    /// <summary>Fails the test with every fault, not only the first.</summary>
    public static void None(IEnumerable<Fault> faults)
    {
        var found = faults.ToArray();
        if (found.Length > 0)
            Assert.Fail($"{found.Length} broken house rules:\n{string.Join('\n', found.AsEnumerable())}");
    }
}
