using IsaExchange.Datasets.Reading;

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

    public static MappingFault Packed(string input, PackedContentException packed)
    {
        var (what, remedy) = packed.Fault switch
        {
            CsvFault.PackedTooLarge => (
                "more comes out of it than is taken", "Check what was packed; prepare it in parts."),
            CsvFault.NotText => ("it is neither CSV nor a workbook", "Unpack it, and name the files inside."),
            _ => ("it is damaged or cut short", "Pack or save it again."),
        };
        return new MappingFault(MappingFaultKind.Packed, input, 0, 0, null, 0, what, remedy);
    }
}
