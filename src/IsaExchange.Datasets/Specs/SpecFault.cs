namespace IsaExchange.Datasets.Specs;

/// <summary>
/// Something wrong in a specification or code list. Line is 1-based, 0 = the file as a whole.
/// The message may repeat words of the file: policy files are the partnership's own text, not anybody's records.
/// </summary>
public sealed record SpecFault(string File, int Line, string Message, string Remedy)
{
    public override string ToString() => $"{File}:{Line}: {Message} {Remedy}";
}

/// <summary>A specification, or every fault that kept it from loading; never both.</summary>
public sealed record DatasetSpecLoadResult(DatasetSpec? Spec, IReadOnlyList<SpecFault> Faults);
