using IsaExchange.Datasets.CodeLists;
using IsaExchange.Datasets.Depersonalisation;
using IsaExchange.Datasets.Specs;

namespace IsaExchange.Datasets.Validation;

/// <summary>A dimension of the cube: positions, codes and titles. An optional field ends with the empty code.</summary>
public sealed record CubeDimension(string Name, IReadOnlyList<string> Codes, IReadOnlyList<string> Titles)
{
    /// <summary>What its codes are parts of.</summary>
    public IReadOnlyList<CubeLevel> Levels { get; init; } = [];
}

/// <summary>A plan cannot be made: a code list edition that the specification needs is absent.</summary>
public sealed class PlanFaultException : Exception
{
    public PlanFaultException(IReadOnlyList<string> faults)
        : base("The dataset cannot be validated. " + string.Join(" ", faults)) => Faults = faults;

    public PlanFaultException()
        : this([])
    {
    }

    public PlanFaultException(string message)
        : this([message])
    {
    }

    public PlanFaultException(string message, Exception innerException)
        : base(message, innerException) => Faults = [message];

    public IReadOnlyList<string> Faults { get; }
}

/// <summary>
/// A specification compiled for one period and a set of areas: code lists resolved to the editions in force on the last
/// day, checks and routes as tables. Immutable; may be shared and used by many validations at once.
/// </summary>
public sealed class ValidationPlan
{
    internal ValidationPlan(DatasetSpec spec, IReadOnlyList<string> areas, ValidationLimits limits)
    {
        Spec = spec;
        Areas = areas;
        Limits = limits;
    }

    public DatasetSpec Spec { get; }

    public DateOnly PeriodStart { get; internal init; }

    public DateOnly PeriodEndExclusive { get; internal init; }

    public IReadOnlyList<string> Areas { get; }

    public ValidationLimits Limits { get; }

    public IReadOnlyList<CubeDimension> Dimensions { get; internal init; } = [];

    /// <summary>The editions of code lists that it was made of, those of parents included.</summary>
    public IReadOnlyCollection<CodeListEdition> Editions { get; internal init; } = [];

    internal FieldCheck[] Fields { get; init; } = [];

    internal CrossCheck[] CrossChecks { get; init; } = [];

    internal CompiledDimension[] Cube { get; init; } = [];

    internal int RoutingField { get; init; }

    /// <summary>Position of the code of the routing field to position of the area, -1 = outside.</summary>
    internal int[] AreaOf { get; init; } = [];

    /// <summary>Field that counts the records, -1 when there is none.</summary>
    internal int SequenceField { get; init; } = -1;

    /// <summary>Field whose number a record stands for, -1 when each stands for one.</summary>
    internal int CountField { get; init; } = -1;

    /// <summary>
    /// Whether a record, its number aside, says no more than its positions in the dimensions do: the records of one
    /// cell are then equal.
    /// </summary>
    public bool CellSaysAll { get; internal init; }

    /// <summary>The time that may be midnight too often, -1 when there is none.</summary>
    internal int MidnightField { get; init; } = -1;

    /// <summary>The date that may be the first too often, -1 when there is none.</summary>
    internal int FirstOfMonthField { get; init; } = -1;

    internal int[] ExactFields { get; init; } = [];

    internal int[] OutwardFields { get; init; } = [];

    /// <summary>Null when the specification declares none.</summary>
    internal QuasiIdentifiers? QuasiIdentifiers { get; init; }

    internal IdentifierRecogniser Identifiers { get; init; } = new(0);

    /// <param name="spec">What the dataset is.</param>
    /// <param name="codeLists">The partnership's code lists.</param>
    /// <param name="periodStart">First day of the period.</param>
    /// <param name="periodEndExclusive">Day after the last.</param>
    /// <param name="areas">Codes of the areas this submission is for.</param>
    /// <param name="limits">Null = the default.</param>
    /// <exception cref="PlanFaultException">A code list edition in force on the last day is absent.</exception>
    public static ValidationPlan Compile(
        DatasetSpec spec, CodeListCatalog codeLists, DateOnly periodStart, DateOnly periodEndExclusive,
        IReadOnlyList<string> areas, ValidationLimits? limits = null) =>
        new PlanCompiler(spec, codeLists, periodStart, periodEndExclusive, areas).Compile(
            limits ?? ValidationLimits.Default);
}
