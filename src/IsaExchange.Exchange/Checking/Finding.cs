namespace IsaExchange.Exchange.Checking;

/// <summary>Something that is not as it was promised, by the name of what it is about. Never content.</summary>
/// <param name="What">Resource name, leaf index or object name.</param>
/// <param name="Fault">A sentence without a full stop.</param>
public sealed record Finding(string What, string Fault)
{
    public override string ToString() => $"{What}: {Fault}";
}

/// <summary>What was looked at, and what was found wrong.</summary>
public sealed class FsckReport
{
    /// <summary>More are counted, not kept: a store that is gone must not fill memory.</summary>
    public const int FindingsKept = 1000;

    readonly List<Finding> _findings = [];

    public long Events { get; internal set; }

    public long Checkpoints { get; internal set; }

    public long Receipts { get; internal set; }

    public long Objects { get; internal set; }

    public long Bytes { get; internal set; }

    public long Releases { get; internal set; }

    /// <summary>Releases whose witnesses were added up again.</summary>
    public long Proofs { get; internal set; }

    /// <summary>Events that left a row, held against it.</summary>
    public long Acts { get; internal set; }

    /// <summary>Events whose text was erased: what they did cannot be held against any row.</summary>
    public long Blanked { get; internal set; }

    /// <summary>Certificates of destroyed keys.</summary>
    public long Erasures { get; internal set; }

    /// <summary>Objects that no row of the catalogue stands for: of crashed calls, or newer than the
    /// catalogue.</summary>
    public long Unknown { get; internal set; }

    public long Faults { get; private set; }

    public IReadOnlyList<Finding> Findings => _findings;

    public bool IsSound => Faults == 0;

    internal void Add(string what, string fault)
    {
        Faults++;
        if (_findings.Count < FindingsKept)
            _findings.Add(new Finding(what, fault));
    }
}
