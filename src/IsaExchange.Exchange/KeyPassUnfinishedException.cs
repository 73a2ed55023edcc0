using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;

namespace IsaExchange.Exchange;

/// <summary>A pass over keys went to its end and something of it could not be done: the next pass tries that
/// again.</summary>
public sealed class KeyPassUnfinishedException(IReadOnlyList<string> left)
    : Exception($"{left.Count} keys or objects are left to the next pass.")
{
    /// <summary>Names of objects, and of keys with what stood in the way.</summary>
    public IReadOnlyList<string> Left { get; } = left;

    /// <summary>True for what says something of one key or object and nothing of the others.</summary>
    internal static bool IsOfOne(Exception fault) => fault is StorageFaultException or KeyUnavailableException
        or SealBrokenException or ObjectNotFoundException or ExchangeException;

    internal static string Line(string name, Exception fault) => $"{name} ({fault.GetType().Name})";

    internal static void ThrowIfAny(List<string> left)
    {
        if (left.Count > 0)
            throw new KeyPassUnfinishedException(left);
    }
}
