namespace IsaExchange.Agreement;

/// <summary>One thing wrong with an agreement as written. <paramref name="Line"/> counts from 1.</summary>
public sealed record AgreementFault(string File, int Line, string Clause, string Message, string Remedy)
{
    public override string ToString() => $"{File}({Line}): {Clause}: {Message}; {Remedy}";
}

/// <summary>Either an agreement, or every fault that keeps it from being one, by line.</summary>
public sealed record AgreementLoadResult(SharingAgreement? Agreement, IReadOnlyList<AgreementFault> Faults)
{
    /// <summary>What an agreement may say and the partnership should know; empty while there are faults.</summary>
    public IReadOnlyList<AgreementFault> Warnings { get; init; } = [];
}

/// <summary>Collects the faults of one file.</summary>
sealed class AgreementFaults(string file)
{
    readonly List<AgreementFault> faults = [];

    public bool Any => faults.Count > 0;

    public IReadOnlyList<AgreementFault> ByLine => [.. faults.Distinct().OrderBy(f => f.Line)];

    public void Add(int line, string clause, string message, string remedy) =>
        faults.Add(new AgreementFault(file, Math.Max(line, 1), clause, message, remedy));
}
