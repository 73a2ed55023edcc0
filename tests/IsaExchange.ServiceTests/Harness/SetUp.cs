namespace IsaExchange.ServiceTests.Harness;

/// <summary>
/// On what the exchanges of this run keep their things. The same tests run once on each; what only one of them has is
/// in classes that say so.
/// </summary>
public static class SetUp
{
    /// <summary>Set to <c>servers</c>: PostgreSQL, Azurite and a vault; else the home's own files.</summary>
    public const string Variable = "ISAX_SET_UP";

    public static bool IsServers { get; } =
        string.Equals(Environment.GetEnvironmentVariable(Variable), "servers", StringComparison.Ordinal);

    /// <summary>For Skip conditions: what looks into the files of a home.</summary>
    public static bool IsEmbedded => !IsServers;

    public const string ServersOnly = "It is about servers, and this run keeps everything in homes.";

    public const string EmbeddedOnly = "It looks into the files of a home, and this run keeps things on servers.";
}
