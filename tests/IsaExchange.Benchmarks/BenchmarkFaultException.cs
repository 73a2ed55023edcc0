namespace IsaExchange.Benchmarks;

/// <summary>Why nothing, or nothing more, was measured; its message is for whoever called.</summary>
sealed class BenchmarkFaultException(string message, bool isUsage = false, Exception? inner = null)
    : Exception(message, inner)
{
    public bool IsUsage { get; } = isUsage;
}
