namespace IsaExchange.Datasets.Validation;

/// <summary>
/// What breaks a rule, and the same put right: invented, for July to September 2026 in the sample county. Text is
/// meant as it stands in a file; \x and two digits is a byte, \t, \r and \n are those characters, and a remark in
/// parentheses at the end belongs to neither. Of single fields it says name=value, with semicolons between them.
/// </summary>
public sealed record RuleExample(string Wrong, string Right)
{
    /// <exception cref="InvalidOperationException">There is none, which is a fault of this program.</exception>
    internal static RuleExample Of(string code) =>
        FileRuleExamples.All.GetValueOrDefault(code)
        ?? FieldRuleExamples.All.GetValueOrDefault(code)
        ?? RecordRuleExamples.All.GetValueOrDefault(code)
        ?? GateRuleExamples.All.GetValueOrDefault(code)
        ?? throw new InvalidOperationException($"The rule {code} has no example.");
}
