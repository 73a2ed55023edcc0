using System.Globalization;
using IsaExchange.Datasets.Depersonalisation;

namespace IsaExchange.Datasets.Validation;

/// <summary>Which rule an identifier breaks, and which rules the values of a whole column break together.</summary>
static class GateRules
{
    // Shares above which a shape is believed. A column of codes or places differs from an identifying one by far more.
    const double Nearly = 0.9;
    const double Most = 0.8;
    const double Half = 0.5;
    const double SomeText = 0.2;
    const long FewestNames = 3;
    const double SomeNames = 0.005;
    const int YearsOfBirths = 10;

    public static RuleDefinition? Of(Identifier identifier) => identifier switch
    {
        Identifier.None => null,
        Identifier.FullPostcode => Rules.FullPostcode,
        Identifier.NhsNumber => Rules.NhsNumber,
        Identifier.EmailAddress => Rules.EmailAddress,
        Identifier.PhoneNumber => Rules.PhoneNumber,
        Identifier.BirthDate => Rules.BirthDate,
        Identifier.PersistentHash => Rules.PersistentHash,
        Identifier.NationalInsuranceNumber => Rules.NationalInsuranceNumber,
        Identifier.UniquePupilNumber => Rules.UniquePupilNumber,
        Identifier.VehicleRegistration => Rules.VehicleRegistration,
        Identifier.InternetAddress => Rules.InternetAddress,
        Identifier.CaseReference => Rules.CaseReference,
        Identifier.ExactPlace => Rules.ExactPlace,
        Identifier.HiddenCharacter => Rules.ControlCharacter,
        var other => throw new InvalidOperationException($"No rule for {other}."),
    };

    /// <summary>The rules that the values of a column break together, each with what was counted.</summary>
    /// <param name="column">What was seen of the column.</param>
    /// <param name="before">What was seen of the column before it: eastings and northings stand side by side.</param>
    /// <param name="after">And behind it.</param>
    public static IEnumerable<(RuleDefinition Rule, string Detail)> Of(
        ColumnEvidence column, ColumnEvidence? before = null, ColumnEvidence? after = null)
    {
        // Three names are names, however short the file; among thousands of streets some look like names.
        if (column.Names >= FewestNames && Reaches(column.Names, column, SomeNames))
            yield return (Rules.PersonNames, Share(column.Names, column));
        if (column.Values < ColumnEvidence.Fewest)
            yield break;
        var distinct = column.Distinct();
        var isNearlyUnique = Reaches(distinct, column, Nearly);
        var isVaried = Reaches(distinct, column, Half);
        if (isNearlyUnique)
            yield return (Rules.NearlyUnique, Different(distinct, column));
        if (Reaches(column.Dates, column, Most) && column.Years >= YearsOfBirths)
            yield return (Rules.BirthDates, Text($"Its dates name {column.Years} different years."));
        if (Reaches(column.Texts, column, SomeText) && Reaches(distinct, column, SomeText))
            yield return (Rules.FreeText, $"{Share(column.Texts, column)} {Different(distinct, column)}");
        if (isVaried && Reaches(column.Registrations, column, Most))
            yield return (Rules.Registrations, Share(column.Registrations, column));
        if (isVaried && Reaches(column.TwelveDigits, column, Half))
            yield return (Rules.PropertyReferences, Share(column.TwelveDigits, column));
        if (isVaried && Reaches(column.References, column, Most))
            yield return (Rules.CaseReferences, Share(column.References, column));
        if (isNearlyUnique && Reaches(column.Keys, column, Most))
            yield return (Rules.Keys, Share(column.Keys, column));
        if (Places(column, before, after) is { } places)
            yield return (Rules.ExactPlaces, places);
    }

    static string? Places(ColumnEvidence column, ColumnEvidence? before, ColumnEvidence? after)
    {
        var degrees = Math.Max(column.Latitudes, column.Longitudes);
        if (Reaches(degrees, column, Most) && Reaches(column.ExactDegrees, column, SomeText))
            return Text($"{column.ExactDegrees} of {column.Values} values have more than three decimals.");
        var isBeside = IsMetres(before) || IsMetres(after);
        return isBeside && IsMetres(column) && Reaches(column.OffGrid, column, SomeText)
            ? Text($"{column.OffGrid} of {column.Values} values are no multiple of 100 m.")
            : null;
    }

    static bool IsMetres(ColumnEvidence? column) =>
        column is { Values: >= ColumnEvidence.Fewest } && Reaches(column.Metres, column, Most);

    static bool Reaches(long count, ColumnEvidence column, double share) => count >= share * column.Values;

    static string Share(long count, ColumnEvidence column) => Text($"{count} of {column.Values} values are like that.");

    static string Different(long distinct, ColumnEvidence column) =>
        Text($"It has about {distinct} different values among {column.Values}.");

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
