namespace IsaExchange.Cli;

/// <summary>What the process answers with; schedulers decide by it, so the numbers never change.</summary>
enum ExitCode
{
    Ok = 0,
    Ours = 1,
    Usage = 2,
    ValidationErrors = 3,
    Refused = 4,
    NotFound = 5,
    Conflict = 6,
    TryAgain = 7,
    Integrity = 8,
}
