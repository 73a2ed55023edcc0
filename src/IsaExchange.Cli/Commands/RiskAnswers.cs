using System.Globalization;
using IsaExchange.Cli.Rendering;
using IsaExchange.Datasets.Validation;

namespace IsaExchange.Cli.Commands;

/// <summary>How few records of a file share their quasi-identifiers, for whoever sends it.</summary>
static class RiskAnswers
{
    public static Card Card(RecordRisk risk) => new Card()
        .Add("quasi_identifiers", "risk by", risk.Fields)
        .Add("counted", "counted", risk.Records)
        .Add("uncounted", "not counted", risk.Uncounted == 0 ? null : risk.Uncounted)
        .Add("groups", "groups", risk.Groups)
        .Add("alone", "stand alone", risk.Alone)
        .Add("below_three", "k below 3", risk.BelowThree)
        .Add("below_five", "k below 5", risk.BelowFive)
        .Add("shares", "shares", risk.Records == 0 ? null
            : $"{Percent(risk.Alone, risk)} alone, {Percent(risk.BelowThree, risk)} below 3, "
                + $"{Percent(risk.BelowFive, risk)} below 5")
        .Add("average_risk", "mean of 1/k", Math.Round(risk.Average, 4))
        .Add("matters_most", "matters most", risk.MattersMost is { } most
            ? new TwoForms($"{most.Field}: without it {most.Alone} would stand alone", most.Field)
            : null)
        .Add("alone_without", "alone without", risk.Without.Select(
            w => string.Create(CultureInfo.InvariantCulture, $"{w.Field} {w.Alone}")))
        .Add("smallest_group", "k demanded", risk.SmallestGroup)
        .Add("below_smallest_group", "k below it", risk.BelowSmallestGroup);

    /// <summary>Null where the exchange says nothing of it.</summary>
    public static Card? Card(V1.RecordRisk? risk) => risk is null ? null : Card(Read(risk));

    static RecordRisk Read(V1.RecordRisk risk) =>
        new([.. risk.Fields], risk.RecordCount, risk.UncountedCount, risk.GroupCount)
        {
            Alone = risk.AloneCount,
            BelowThree = risk.BelowThreeCount,
            BelowFive = risk.BelowFiveCount,
            SmallestGroup = risk.SmallestGroup,
            BelowSmallestGroup = risk.BelowSmallestCount,
            Without = [.. risk.Without.Select(w => new RiskWithout(w.Field, w.AloneCount))],
        };

    static string Percent(long part, RecordRisk risk) =>
        string.Create(CultureInfo.InvariantCulture, $"{100.0 * part / risk.Records:0.#} %");
}
