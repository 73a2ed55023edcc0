using IsaExchange.Datasets.Reading;

namespace IsaExchange.Datasets.Validation;

/// <summary>How much a violation weighs.</summary>
public enum Severity
{
    /// <summary>Must be corrected.</summary>
    Error,

    /// <summary>Must be explained.</summary>
    Query,

    /// <summary>Nothing to do.</summary>
    Info,
}

/// <summary>A rule and the page `isax rule` shows for it. Codes never change their meaning.</summary>
public sealed record RuleDefinition(string Code, Severity Severity, string Title, string Sentence, string Remedy)
{
    /// <summary>Position in <see cref="Rules.All"/>.</summary>
    internal int Index { get; init; }

    /// <summary>Looked up when a page is asked for: no pass over a file needs it.</summary>
    public RuleExample Example => RuleExample.Of(Code);
}

/// <summary>
/// Every rule of the validator. None of these texts, and no message made of them, holds a cell value.
/// </summary>
public static partial class Rules
{
    // A field of this class, not a look into the register: reading it makes sure that all rules are defined.
    public static IReadOnlyList<RuleDefinition> All { get; } = Register.Defined;

    /// <summary>The rule of a code such as F001; null when there is none.</summary>
    public static RuleDefinition? Find(string code) => All.FirstOrDefault(r => r.Code == code);

    /// <summary>The rule that a fault of the bytes or of the shape of a record breaks.</summary>
    public static RuleDefinition Of(CsvFault fault) => fault switch
    {
        CsvFault.WideEncoding => WideEncoding,
        CsvFault.SecondByteOrderMark => SecondByteOrderMark,
        CsvFault.NotText => NotText,
        CsvFault.PackedDamaged => PackedDamaged,
        CsvFault.PackedTooLarge => PackedTooLarge,
        CsvFault.Nul => NulByte,
        CsvFault.NotUtf8 => NotUtf8,
        CsvFault.Windows1252 => Windows1252,
        CsvFault.RecordTooLong => RecordTooLong,
        CsvFault.QuoteNeverClosed => QuoteNeverClosed,
        CsvFault.QuoteInField => QuoteInField,
        CsvFault.TextAfterQuote => TextAfterQuote,
        CsvFault.BlankLine => BlankLine,
        _ => throw new InvalidOperationException($"No rule for {fault}."),
    };

    static RuleDefinition Error(string code, string title, string sentence, string remedy) =>
        Define(code, Severity.Error, title, sentence, remedy);

    static RuleDefinition Query(string code, string title, string sentence, string remedy) =>
        Define(code, Severity.Query, title, sentence, remedy);

    static RuleDefinition Define(string code, Severity severity, string title, string sentence, string remedy)
    {
        var rule = new RuleDefinition(code, severity, title, sentence, remedy) { Index = Register.Defined.Count };
        Register.Defined.Add(rule);
        return rule;
    }

    /// <summary>Apart from the rules, because the order of static fields over two files is the compiler's.</summary>
    static class Register
    {
        public static readonly List<RuleDefinition> Defined = [];
    }
}
