namespace IsaExchange.Cli;

/// <summary>
/// A verb cannot go on, for a reason that is not a fault of ours. The message is for the person at the terminal.
/// </summary>
sealed class VerbException(ExitCode code, string message, string? hint = null, Exception? inner = null)
    : Exception(message, inner)
{
    public ExitCode Code { get; } = code;

    /// <summary>What to do about it; null when the message says it.</summary>
    public string? Hint { get; } = hint;
}
