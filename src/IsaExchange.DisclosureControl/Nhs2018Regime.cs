namespace IsaExchange.DisclosureControl;

/// <summary>
/// The rule of NHS Digital for sub-national hospital counts since September 2018: zero stays zero, 1 to 7 are not
/// shown, everything else is rounded to the nearest 5.
/// </summary>
sealed class Nhs2018Regime : IDisclosureRegime
{
    const long FewMax = 7;
    const long RoundingBase = 5;
    const long RoundingErrorMax = 2;

    public string Id => "nhs-2018";

    public string Guarantee =>
        "Zero is shown, counts from 1 to 7 are not, and every other count is within 2 of the multiple of 5 shown; "
        + "each cell is treated by itself, so sums and differences of cells may narrow what is not shown.";

    public PublishedCell Publish(long exactCount)
    {
        DisclosureRegimes.RefuseNegative(exactCount);
        if (exactCount == 0)
            return new PublishedCell(CellStatus.Shown, 0, 0, 0);
        if (exactCount <= FewMax)
            return new PublishedCell(CellStatus.Few, null, 1, FewMax);
        // A whole number is never half-way between multiples of 5, so adding 2 and cutting off is rounding to nearest.
        var rounded = checked(exactCount + RoundingErrorMax) / RoundingBase * RoundingBase;
        return new PublishedCell(CellStatus.Rounded, rounded, rounded - RoundingErrorMax, rounded + RoundingErrorMax);
    }
}
