using System.Data.Common;

namespace IsaExchange.Exchange.Storage.Catalogue;

/// <summary>
/// A change was on its way to be kept when the server went away, and did not come back in time to be asked. It must not
/// be made again by us: whoever called repeats it with the same request id, or looks.
/// </summary>
public sealed class CatalogueOutcomeUnknownException(Exception? inner = null)
    : DbException("Nobody knows yet whether the last change was kept.", inner);
