using IsaExchange.ServiceTests.Harness;
using IsaExchange.ServiceTests.Harness.Production;

namespace IsaExchange.ServiceTests.Faults;

/// <summary>What the object store of an exchange has come to, seen from outside: the moments to strike at.</summary>
abstract class ObjectMoments
{
    /// <param name="exchange">Whose store it is.</param>
    /// <param name="way">What stands between it and its store, where that is not a folder.</param>
    public static ObjectMoments Of(TestExchange exchange, FaultProxy? way) =>
        way is null ? new ObjectsFolder(exchange) : new ObjectsOnTheWay(way);

    /// <summary>Sealed cubes, of all submissions or of one.</summary>
    public abstract int CountCubes(string id = "");

    /// <summary>Promoted datasets, of all submissions or of one.</summary>
    public abstract int CountDatasets(string id = "");

    /// <summary>Attempts that a submission's upload ever staged.</summary>
    public abstract int CountAttempts(string id);

    /// <summary>Bytes of an object lie there, and the commit that makes them one has not come.</summary>
    public abstract bool IsMaking { get; }

    /// <summary>Staged bytes of the largest upload; -1 before anything is staged.</summary>
    public abstract long StagedBytes();
}
