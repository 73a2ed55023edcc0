namespace IsaExchange.DisclosureControl.OwnTables;

/// <summary>Why a table cannot be checked. It names codes and never a count.</summary>
/// <param name="Line">From 1; 0: the file as a whole.</param>
public sealed record TableFault(string File, int Line, string Message)
{
    public override string ToString() => Line > 0 ? $"{File}:{Line}: {Message}" : $"{File}: {Message}";
}
