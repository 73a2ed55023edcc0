namespace IsaExchange.Exchange.Releasing;

/// <summary>Codes that published tables have besides those of their lists.</summary>
static class TableCodes
{
    /// <summary>Of records whose value for a dimension was not given; published like any other code.</summary>
    public const string NotStated = "not-stated";

    public const string Total = "ALL";
}
