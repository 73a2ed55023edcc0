using System.Collections.Concurrent;
using IsaExchange.Datasets.CodeLists;
using IsaExchange.Datasets.Specs;
using IsaExchange.Datasets.Validation;

namespace IsaExchange.Exchange;

/// <summary>
/// The plans made of a partnership's code lists. A submission needs its plan when it is created and again when its
/// content comes, and the next one of the same quarter needs the same: making it takes as long as checking 20,000
/// records. It goes with the partnership, and so with the lists it was made of.
/// </summary>
public sealed class CompiledPlans(CodeListCatalog codeLists, ValidationLimits limits)
{
    /// <summary>A plan holds a few numbers for each code of its lists: together a few megabytes.</summary>
    const int KeptMax = 16;

    readonly ConcurrentDictionary<(DatasetSpec Spec, DateOnly Start, DateOnly End, string Areas), ValidationPlan> _kept
        = new();

    /// <exception cref="PlanFaultException">A code list edition in force on the last day is absent.</exception>
    public ValidationPlan For(DatasetSpec spec, DateOnly start, DateOnly endExclusive, IReadOnlyList<string> areas)
    {
        var key = (spec, start, endExclusive, string.Join(',', areas));
        if (_kept.TryGetValue(key, out var made))
            return made;
        if (_kept.Count >= KeptMax)
            _kept.Clear();
        return _kept[key] = ValidationPlan.Compile(spec, codeLists, start, endExclusive, areas, limits);
    }
}
