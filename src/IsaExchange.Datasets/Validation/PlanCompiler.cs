using System.Globalization;
using IsaExchange.Datasets.CodeLists;
using IsaExchange.Datasets.Depersonalisation;
using IsaExchange.Datasets.Specs;

namespace IsaExchange.Datasets.Validation;

/// <summary>Compiles a consistent specification; what can be missing are the code lists.</summary>
sealed class PlanCompiler
{
    // A record's date this far before its period is a birth, or needs an explanation.
    const int YearsOfOldDates = 15;

    readonly DatasetSpec _spec;
    readonly CodeListCatalog _lists;
    readonly DateOnly _start;
    readonly DateOnly _end;
    readonly IReadOnlyList<string> _areas;
    readonly CodeListEdition?[] _editions;
    readonly CodeIndex?[] _indexes;
    readonly HashSet<CodeListEdition> _used = [];

    public PlanCompiler(
        DatasetSpec spec, CodeListCatalog lists, DateOnly start, DateOnly endExclusive, IReadOnlyList<string> areas)
    {
        if (endExclusive <= start)
            throw new ArgumentException("The period ends before it begins.", nameof(endExclusive));
        _spec = spec;
        _lists = lists;
        _start = start;
        _end = endExclusive;
        _areas = [.. areas];
        _editions = new CodeListEdition?[spec.Fields.Count];
        _indexes = new CodeIndex?[spec.Fields.Count];
    }

    DateOnly LastDay => _end.AddDays(-1);

    public ValidationPlan Compile(ValidationLimits limits)
    {
        ResolveCodes();
        var oldBefore = CivilDate.Of(new DateOnly(Math.Max(1, _start.Year - YearsOfOldDates), 1, 1));
        var plan = new ValidationPlan(_spec, _areas, limits)
        {
            PeriodStart = _start,
            PeriodEndExclusive = _end,
            Fields = [.. _spec.Fields.Select((f, i) => Check(f, i, oldBefore))],
            CrossChecks = [.. _spec.Rules.Select(Cross)],
            Dimensions = [.. _spec.CubeDimensions.Select(Dimension)],
            Cube = [.. _spec.CubeDimensions.Select(Compiled)],
            RoutingField = _spec.IndexOf(_spec.Routing.Field),
            AreaOf = Route(_editions[_spec.IndexOf(_spec.Routing.Field)]!, _areas),
            CountField = _spec.CountField is { } count ? _spec.IndexOf(count) : -1,
            SequenceField = _spec.Fields.ToList().FindIndex(f => f.Sequence),
            CellSaysAll = _spec.Fields.All(f => f.Sequence || IsSaidByCell(f)),
            MidnightField = IndexOf(_spec.Plausibility?.Midnight?.Field),
            FirstOfMonthField = IndexOf(_spec.Plausibility?.FirstOfMonth?.Field),
            ExactFields = [.. (_spec.Location?.Exact ?? []).Select(_spec.IndexOf)],
            OutwardFields = [.. (_spec.Location?.Outward ?? []).Select(_spec.IndexOf)],
            QuasiIdentifiers = _spec.QuasiIdentifiers is { } quasi ? Compiled(quasi) : null,
            Identifiers = new IdentifierRecogniser((oldBefore / 10000) - 1),
            Editions = _used,
        };
        if (plan.CountField >= 0 && CountedCells.CellsOf(plan) is null)
            throw new PlanFaultException(["Its code lists make more cells of counts than can be looked after."]);
        return plan;
    }

    int IndexOf(string? field) => field is null ? -1 : _spec.IndexOf(field);

    void ResolveCodes()
    {
        var faults = new List<string>();
        for (var i = 0; i < _spec.Fields.Count; i++)
        {
            var field = _spec.Fields[i];
            if (field.CodeList is { } list)
                _indexes[i] = (_editions[i] = Edition(list, faults))?.Index;
            else if (field.Type == FieldType.Code)
                _indexes[i] = new CodeIndex([.. field.Categories.Select(c => c.Code)]);
        }

        if (faults.Count > 0)
            throw new PlanFaultException([.. faults.Distinct(StringComparer.Ordinal)]);
    }

    CodeListEdition? Edition(string list, List<string> faults)
    {
        var edition = _lists.Find(list, LastDay);
        if (edition is null)
            faults.Add($"Code list '{list}' has no edition in force on {Iso(LastDay)}; import it.");
        else
            _used.Add(edition);
        return edition;
    }

    FieldCheck Check(FieldSpec field, int i, int oldBefore)
    {
        switch (field.Type)
        {
            case FieldType.Code:
                var list = _editions[i] is { } e
                    ? $"The code list is '{e.ListId}', edition {e.Edition}, in force on {Iso(LastDay)}."
                    : null;
                var others = _editions[i] is { } used ? OtherEditions.Of(_lists.Find(used.ListId)!, used) : null;
                return new CodeCheck(field, _indexes[i]!, list, others);
            case FieldType.Date or FieldType.Month:
                var old = field.Type == FieldType.Month ? oldBefore - 1 : oldBefore;
                return new DateCheck(field, old, field.Name == _spec.PeriodField ? Period(field) : null);
            case FieldType.Time:
                return new TimeCheck(field);
            case FieldType.Whole:
                return new WholeCheck(field);
            case FieldType.Outward:
                return new OutwardCheck(field);
            default:
                throw new InvalidOperationException($"No check for a field of type {field.Type}.");
        }
    }

    /// <summary>Day 0 stands for a month: a month belongs to the period when its first day does.</summary>
    (int First, int End) Period(FieldSpec field)
    {
        var (first, end) = (CivilDate.Of(_start), CivilDate.Of(_end));
        return field.Type == FieldType.Month ? (first - 1, end - 1) : (first, end);
    }

    CrossCheck Cross(CrossRule rule)
    {
        var (field, other) = (_spec.IndexOf(rule.Field), _spec.IndexOf(rule.Other));
        var detail = $"The other field is {rule.Other}.";
        switch (rule.Kind)
        {
            case CrossRuleKind.Belongs:
                return new LeadsToCheck(field, other, Parents(field, _indexes[other]!), Rules.DoesNotBelong)
                {
                    Detail = detail,
                };
            case CrossRuleKind.Inside:
                var edition = _editions[other]!;
                var codes = Enumerable.Range(0, edition.Count).Select(edition.Code).ToList();
                return new LeadsToCheck(field, other, Route(_editions[field]!, codes), Rules.NotInside)
                {
                    Detail = detail,
                };
            case CrossRuleKind.NotBefore:
                return new NotBeforeCheck(field, other) { Detail = detail };
            case CrossRuleKind.FilledExactlyWhen:
                return new FilledExactlyWhenCheck(field, other, AmongValues(rule)) { Detail = detail };
            case CrossRuleKind.NeverWith:
                return new NeverWithCheck(field, other, AmongValues(rule)) { Detail = detail };
            case CrossRuleKind.FilledOnlyWith:
                return new FilledOnlyWithCheck(field, other) { Detail = detail };
            case CrossRuleKind.TotalAtLeast:
                return new TotalAtLeastCheck([.. rule.Values.Select(_spec.IndexOf)], rule.Minimum)
                {
                    Detail = $"The least is {rule.Minimum} for {string.Join(", ", rule.Values)} together.",
                };
            default:
                throw new InvalidOperationException($"No check for a rule of kind {rule.Kind}.");
        }
    }

    /// <summary>For each category of the other field whether it is one of the rule's values.</summary>
    bool[] AmongValues(CrossRule rule) =>
        [.. _spec.Fields[_spec.IndexOf(rule.Other)].Categories.Select(c => rule.Values.Contains(c.Code))];

    QuasiIdentifiers Compiled(QuasiIdentifierSpec quasi) => new(
        [.. quasi.Fields.Select(_spec.IndexOf)], [.. quasi.Fields], quasi.SmallestGroup,
        [.. quasi.Coarser.Select(level => new CoarserValues(
            quasi.Fields.ToList().IndexOf(level.Field), $"{level.Field} as {level.As}",
            level.Starts.Count > 0 ? [.. level.Starts] : null,
            level.Starts.Count > 0 ? null : Parents(_spec.IndexOf(level.Field))))]);

    /// <summary>For each code the position of its parent among the parents its list names, -1 = none.</summary>
    int[] Parents(int field)
    {
        var edition = _editions[field]!;
        var named = Enumerable.Range(0, edition.Count).Select(edition.Parent).ToList();
        var distinct = named.OfType<string>().Distinct(StringComparer.Ordinal).Select((code, i) => (code, i))
            .ToDictionary(p => p.code, p => p.i, StringComparer.Ordinal);
        return [.. named.Select(parent => parent is null ? -1 : distinct[parent])];
    }

    int[] Parents(int field, CodeIndex parents)
    {
        var edition = _editions[field]!;
        return [.. Enumerable.Range(0, edition.Count)
            .Select(i => edition.Parent(i) is { } parent ? parents.Find(parent) : -1)];
    }

    /// <summary>
    /// For each code the position of the first target it is or its parents lead to, -1 = none of them.
    /// </summary>
    int[] Route(CodeListEdition edition, IReadOnlyList<string> targets, int depth = 0)
    {
        var wanted = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < targets.Count; i++)
            wanted.TryAdd(targets[i], i);
        // Lists that lead to themselves are a slip of the partnership; ten levels are more than any geography has.
        var parents = edition.ParentList is { } list && depth < 10 ? _lists.Find(list, LastDay) : null;
        if (parents is not null)
            _used.Add(parents);
        var above = parents is null ? [] : Route(parents, targets, depth + 1);
        var routes = new int[edition.Count];
        for (var i = 0; i < routes.Length; i++)
        {
            // A target may be named by the parent column alone: its own list need not be imported.
            if (wanted.TryGetValue(edition.Code(i), out routes[i])
                || (edition.Parent(i) is { } named && wanted.TryGetValue(named, out routes[i])))
                continue;
            var position = edition.Parent(i) is { } parent ? parents?.IndexOf(parent) ?? -1 : -1;
            routes[i] = position < 0 ? -1 : above[position];
        }

        return routes;
    }

    CubeDimension Dimension(string name)
    {
        if (_spec.Derived.FirstOrDefault(d => d.Name == name) is { } derived)
        {
            if (derived.Kind is DerivedKind.Weekday or DerivedKind.Hours)
            {
                var bands = Bands(derived);
                return new(name, [.. bands.Select(b => b.Code)], [.. bands.Select(b => b.Title)]);
            }

            if (!derived.IsMonth)
                return new(name, [.. derived.Members.Select(m => m.Code)], [.. derived.Members.Select(m => m.Title)]);
            var months = Months().Select(m => m.ToString("yyyy-MM", CultureInfo.InvariantCulture)).ToArray();
            return new(name, months, months) { Levels = CubeLevels.OfMonths(Months()) };
        }

        var i = _spec.IndexOf(name);
        var categories = Categories(i).ToList();
        if (!_spec.Fields[i].Required)
            categories.Add(new("", "Not stated"));
        List<string> codes = [.. categories.Select(c => c.Code)];
        return new(name, codes, [.. categories.Select(c => c.Title)])
        {
            Levels = Levels().OfField(name, codes, AreasOf(i)),
        };
    }

    CubeLevels Levels() => new(
        _spec, _lists, LastDay, name => _editions[_spec.IndexOf(name)], edition => _used.Add(edition));

    /// <summary>Null for a field that neither decides the area nor lies in it by a rule.</summary>
    List<string>? AreasOf(int field)
    {
        var name = _spec.Fields[field].Name;
        var tells = name == _spec.Routing.Field
            || _spec.Rules.Any(r => r.Kind == CrossRuleKind.Inside && r.Field == name);
        return tells && _editions[field] is { } edition
            ? [.. Route(edition, _areas).Select(at => at < 0 ? "" : _areas[at])]
            : null;
    }

    CompiledDimension Compiled(string name)
    {
        if (_spec.Derived.FirstOrDefault(d => d.Name == name) is not { } derived)
        {
            var i = _spec.IndexOf(name);
            return CompiledDimension.Codes(i, absent: Categories(i).Count());
        }

        var from = _spec.IndexOf(derived.From);
        var notKnown = derived.Kind is DerivedKind.Weekday or DerivedKind.Hours ? Bands(derived).Count - 1 : -1;
        return derived.Kind switch
        {
            DerivedKind.Month => CompiledDimension.Months(from, CivilDate.MonthNumber(CivilDate.Of(_start))),
            DerivedKind.Hours => CompiledDimension.Hours(from, notKnown, derived.BandOf),
            DerivedKind.Weekday => CompiledDimension.Weekday(
                from, notKnown, IndexOf(derived.Unless?.Field), Among(derived.Unless)),
            _ => CompiledDimension.Blocks(from, [.. Categories(from).Select(c => MemberOf(derived, c.Code))]),
        };
    }

    IReadOnlyList<Category> Bands(DerivedDimension derived) => derived.Bands(
        mayBeUnknown: derived.Unless is not null || !_spec.Fields[_spec.IndexOf(derived.From)].Required);

    bool[] Among(ValueCondition? condition) => condition is null ? []
        : [.. _spec.Fields[_spec.IndexOf(condition.Field)].Categories.Select(c => condition.Values.Contains(c.Code))];

    /// <summary>A code that is a dimension itself, or a month that its dimension gives back.</summary>
    bool IsSaidByCell(FieldSpec field) => field.Type switch
    {
        FieldType.Code => _spec.CubeDimensions.Contains(field.Name, StringComparer.Ordinal),
        FieldType.Month => _spec.Derived.Any(d => d.IsMonth && d.From == field.Name
            && _spec.CubeDimensions.Contains(d.Name, StringComparer.Ordinal)),
        _ => false,
    };

    static int MemberOf(DerivedDimension derived, string code) => derived.MemberOf(code) is var member and >= 0
        ? member
        : throw new PlanFaultException([$"'{derived.Name}' has no member for {code}."]);

    IEnumerable<Category> Categories(int field) => _editions[field] is { } edition
        ? Enumerable.Range(0, edition.Count).Select(i => new Category(edition.Code(i), edition.Title(i)))
        : _spec.Fields[field].Categories;

    IEnumerable<DateOnly> Months()
    {
        for (var month = new DateOnly(_start.Year, _start.Month, 1); month < _end; month = month.AddMonths(1))
            yield return month;
    }

    static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
