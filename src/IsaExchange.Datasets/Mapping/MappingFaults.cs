namespace IsaExchange.Datasets.Mapping;

/// <summary>The faults of a run, listed up to a bound and counted without one.</summary>
sealed class MappingFaults
{
    readonly List<MappingFault> _listed = [];

    public long Count { get; private set; }

    public IReadOnlyList<MappingFault> Listed => _listed;

    public void Add(MappingFault fault)
    {
        Count++;
        if (_listed.Count < MappingReport.MaxFaults)
            _listed.Add(fault);
    }

    public void AddForHeader(
        MappingFaultKind kind, string input, string? column, int field, string what, string remedy) =>
        Add(new MappingFault(kind, input, 1, 0, column, field, what, remedy));

    public void AddForRecord(MappingFaultKind kind, string input, long line, long record, string what, string remedy) =>
        Add(new MappingFault(kind, input, line, record, null, 0, what, remedy));
}
