using System.Data.Common;

namespace IsaExchange.Exchange.Storage.Catalogue;

/// <summary>The catalogue cannot be reached, or did not say in time what has become of a call.</summary>
public class CatalogueUnavailableException(string message, Exception? inner = null)
    : DbException(message, inner)
{
    public override bool IsTransient => true;
}
