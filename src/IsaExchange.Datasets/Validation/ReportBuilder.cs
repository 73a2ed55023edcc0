namespace IsaExchange.Datasets.Validation;

/// <summary>
/// Counts every violation exactly and keeps the first of each group, within the limits. Once the lists are full a
/// violation costs an addition: a file with every cell wrong allocates no more than one with a thousand.
/// </summary>
sealed class ReportBuilder(ValidationPlan plan)
{
    /// <summary>The field of a violation of the whole record.</summary>
    public const int WholeRecord = -1;

    readonly Group?[]?[] _groups = new Group?[]?[Rules.All.Count];
    readonly List<Violation> _shown = [];
    bool _cut;

    sealed class Group(RuleDefinition rule, string field, string description)
    {
        public long Count;
        public readonly RuleDefinition Rule = rule;
        public readonly string Field = field;
        public readonly string Description = description;
    }

    public long Errors { get; private set; }

    public long Queries { get; private set; }

    /// <param name="rule">The rule broken.</param>
    /// <param name="line">Physical line, 0 = the whole file.</param>
    /// <param name="record">Number of the record, -1 = the whole file.</param>
    /// <param name="column">From 1, 0 = the whole record.</param>
    /// <param name="field">Field of the specification, <see cref="WholeRecord"/>, or the number of fields plus
    /// the position of a column outside it.</param>
    /// <param name="detail">More about the rule, never about the value; only the first of a group is kept.</param>
    public void Add(RuleDefinition rule, long line, long record, int column, int field, string detail = "")
    {
        var group = GroupOf(rule, field, column, detail);
        Count(group);
        if (_shown.Count < plan.Limits.MaxViolationsShown && group.Count <= plan.Limits.MaxViolationsPerGroup)
        {
            _shown.Add(new(
                rule.Severity, rule.Code, line, record, column, group.Field, group.Description, rule.Remedy));
        }
        else
            _cut = true;
    }

    /// <summary>
    /// Counts a violation whose group, or the whole list, is full: its place need not be worked out. False when it
    /// must be added.
    /// </summary>
    public bool CountOnly(RuleDefinition rule, int field)
    {
        if (_groups[rule.Index] is not { } fields || field + 1 >= fields.Length || fields[field + 1] is not { } group)
            return false;
        if (_shown.Count < plan.Limits.MaxViolationsShown && group.Count < plan.Limits.MaxViolationsPerGroup)
            return false;
        Count(group);
        _cut = true;
        return true;
    }

    void Count(Group group)
    {
        group.Count++;
        if (group.Rule.Severity == Severity.Error)
            Errors++;
        else if (group.Rule.Severity == Severity.Query)
            Queries++;
    }

    public ValidationReport Build(
        long records, long accepted, long outside, IReadOnlyList<long> recordsByArea, bool stoppedEarly)
    {
        var groups = _groups.OfType<Group?[]>().SelectMany(g => g).OfType<Group>()
            .OrderBy(g => g.Rule.Severity)
            .Select(g => new ViolationGroup(
                g.Rule.Code, g.Field, g.Rule.Severity, g.Count, g.Description, g.Rule.Remedy))
            .ToList();
        return new()
        {
            RecordCount = records,
            AcceptedCount = accepted,
            ErrorCount = Errors,
            QueryCount = Queries,
            OutsideCount = outside,
            Truncated = _cut || groups.Count > plan.Limits.MaxGroups,
            StoppedEarly = stoppedEarly,
            Groups = groups.Count > plan.Limits.MaxGroups ? groups[..plan.Limits.MaxGroups] : groups,
            Violations = _shown,
            RecordsByArea = recordsByArea,
        };
    }

    Group GroupOf(RuleDefinition rule, int field, int column, string detail)
    {
        var fields = _groups[rule.Index] ??= new Group?[plan.Fields.Length + 1];
        if (field + 1 >= fields.Length)
        {
            // Columns outside the specification; there are never more of them than a header may have columns.
            Array.Resize(ref fields, field + 2);
            _groups[rule.Index] = fields;
        }

        return fields[field + 1] ??=
            new Group(rule, Name(field, column), detail.Length == 0 ? rule.Sentence : $"{rule.Sentence} {detail}");
    }

    /// <summary>A header outside the specification is the sender's text: it is named by its position only.</summary>
    string Name(int field, int column)
    {
        if (field == WholeRecord)
            return "";
        return field < plan.Fields.Length ? plan.Fields[field].Name : $"column {column}";
    }
}
