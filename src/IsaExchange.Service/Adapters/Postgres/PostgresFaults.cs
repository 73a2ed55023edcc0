using IsaExchange.Exchange;
using IsaExchange.Exchange.Storage.Catalogue;
using Npgsql;

namespace IsaExchange.Service.Adapters.Postgres;

/// <summary>The transaction was rolled back because of another one, or because it slept: run again it sees what others
/// did, and the server is well.</summary>
sealed class CatalogueConflictException(Exception inner) : Exception("Another transaction was in the way.", inner);

/// <summary>One statement took longer than any may. Repeating it would take as long, and it says nothing of the
/// server.</summary>
sealed class CatalogueTooSlowException(Exception inner)
    : CatalogueUnavailableException("The catalogue did not answer one statement in time.", inner);

/// <summary>What an exception of the driver means for whoever called.</summary>
static class PostgresFaults
{
    /// <summary>Classes of SQLSTATE: connection, authorisation (a password just being exchanged), database, resources,
    /// intervention of an operator, system error.</summary>
    static readonly string[] FaultClasses = ["08", "28", "3D", "53", "57", "58"];

    /// <summary>idle_in_transaction_session_timeout, for which the driver has no name.</summary>
    const string SleptTooLong = "25P03";

    /// <summary>What a standby answers to the beginning of a decision: it knows no serialisable transactions. Nothing
    /// else that is sent here asks for what a server may not have.</summary>
    const string NoSerializableOnStandby = PostgresErrorCodes.FeatureNotSupported;

    /// <summary>The driver's own exception, however often it was wrapped; null when none took part.</summary>
    public static NpgsqlException? Root(Exception e)
    {
        for (var inner = e; inner is not null; inner = inner.InnerException)
        {
            if (inner is NpgsqlException found)
                return found;
        }

        return null;
    }

    /// <summary>
    /// Serialisation, deadlock, a lock that did not come in time; a key that somebody else has just taken, because the
    /// next run finds their row and answers by it; and our own bound on a transaction that did nothing, because this
    /// process was stopped meanwhile.
    /// </summary>
    public static bool IsConflict(NpgsqlException e) => e is PostgresException
    {
        SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected
            or PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.UniqueViolation
            or SleptTooLong,
    };

    /// <summary>
    /// The server or the way to it failed; a refusal of the statement is none, but for one: a server that takes nothing
    /// is a standby, or was the primary until just now.
    /// </summary>
    public static bool IsFault(NpgsqlException e) => e is not PostgresException refused
        || refused.SqlState is PostgresErrorCodes.ReadOnlySqlTransaction or NoSerializableOnStandby
        || (FaultClasses.Contains(refused.SqlState[..2]) && !IsTooSlow(e));

    /// <summary>Our own bound ended the statement: the server is well, and would need as long again.</summary>
    public static bool IsTooSlow(NpgsqlException e) =>
        e is PostgresException { SqlState: PostgresErrorCodes.QueryCanceled };

    /// <summary>What to throw in place of <paramref name="e"/>, which comes from <paramref name="root"/>.</summary>
    public static Exception Translate(NpgsqlException root, Exception e)
    {
        if (IsConflict(root))
            return new CatalogueConflictException(e);
        if (IsTooSlow(root))
            return new CatalogueTooSlowException(e);
        if (IsFault(root))
            return new CatalogueUnavailableException(
                $"The catalogue's server cannot be reached, or lets nobody in ({root.SqlState ?? "no answer"}).", e);
        return root.SqlState switch
        {
            // U+0000 is text to everybody but PostgreSQL.
            PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter =>
                ExchangeException.Invalid("TEXT_INVALID", "A text holds a character that cannot be kept."),
            _ => new InvalidOperationException($"The catalogue refused a statement ({root.SqlState}).", e),
        };
    }
}
