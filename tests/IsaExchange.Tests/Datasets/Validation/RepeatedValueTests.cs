using System.Text;
using IsaExchange.Datasets.Validation;
using Xunit;

namespace IsaExchange.Tests.Datasets.Validation;

/// <summary>A value that is written like the one before it is not read again: nothing may come of that but time.
/// </summary>
public sealed class RepeatedValueTests
{
    static readonly string[] Values = ["drugs", "burglary", "drug", "drugs ", "", "DRUGS", "robbery"];
    static readonly string[] Months = ["2018-10", "2018-12", "2018-13", "2019-01", "", "2018-1"];
    static readonly string[] Places = ["E01000001", "E01000010", "", "E0100000", "\"E01000001\""];

    [Fact]
    public void AnyOrderOfRightAndWrongValues_IsJudgedAsEachWouldBeAlone()
    {
        var random = new Random(20261123);
        string[] records =
        [
            .. Enumerable.Range(0, 4_000).SelectMany(_ => Enumerable.Repeat(
                $"{random.Of(Months)},{random.Of(Values)},{random.Of(Places)}", random.Next(1, 4))),
        ];
        var alone = records.Distinct().ToDictionary(r => r, r => Faults([r]).Single());
        Assert.Equal(records.Select(r => alone[r]), Faults(records));
    }

    [Fact]
    public void Numbers_AreInOrderFromOneToAHundredThousand()
    {
        var csv = new StringBuilder(TestDatasets.StreetHeader).Append('\n');
        for (var number = 1; number <= 100_001; number++)
            csv.Append(number).Append(",2018-10,drugs,E01000001\n");
        Assert.Empty(TestDatasets.Street.Validate(csv.ToString()).Places());
    }

    [Theory]
    [InlineData("9", "010", "11", "T205 3/2/1 row_no")]
    [InlineData("9", "11", "12", "X408 3/2/1 row_no")]
    [InlineData("99", "99", "100", "X408 3/2/1 row_no")]
    [InlineData("999", "1000", "1001", null)]
    // One more than numbers go to, and by chance an NHS number.
    [InlineData("2147483646", "2147483647", "2147483648", "D505 4/3/1 row_no")]
    public void Number_ThatIsNotTheNextAsItIsWritten_IsAFault(
        string first, string second, string third, string? place)
    {
        // The first is out of order itself: counting goes on from it.
        var places = TestDatasets.Street.Validate(
            $"{TestDatasets.StreetHeader}\n{first},2018-10,drugs,E01000001\n{second},2018-10,drugs,E01000001\n"
            + $"{third},2018-10,drugs,E01000001\n").Places().ToList();
        Assert.StartsWith("X", places[0], StringComparison.Ordinal);
        Assert.Equal(place is null ? [] : [place], places[1..]);
    }

    [Fact]
    public void RepeatedRecord_UnderAWrongNumber_IsAFault()
    {
        var places = TestDatasets.Street.Validate(
            $"{TestDatasets.StreetHeader}\n1,2018-10,drugs,E01000001\n2,2018-10,drugs,E01000001\n"
            + "2,2018-10,drugs,E01000001\n,2018-10,drugs,E01000001\n\"5\",2018-10,drugs,E01000001\n"
            + "6,2018-10,drugs,E01000001\n").Places();
        Assert.Equal(["X408 4/3/1 row_no", "T201 5/4/1 row_no", "X408 6/5/1 row_no"], places);
    }

    /// <summary>For each record the rules that it breaks.</summary>
    static string[] Faults(string[] records)
    {
        var faults = new string[records.Length];
        Array.Fill(faults, "");
        var limits = ValidationLimits.Default with
        {
            MaxViolationsShown = int.MaxValue, MaxViolationsPerGroup = int.MaxValue,
        };
        var csv = new StringBuilder(TestDatasets.StreetHeader).Append('\n');
        for (var i = 0; i < records.Length; i++)
            csv.Append(i + 1).Append(',').Append(records[i]).Append('\n');
        foreach (var violation in TestDatasets.Plan("police-street-level", limits).Validate(csv.ToString()).Violations)
            if (violation.Record > 0)
                faults[violation.Record - 1] += $"{violation.Rule}/{violation.Column} ";
        return faults;
    }
}

static class Choice
{
    public static T Of<T>(this Random random, T[] values) => values[random.Next(values.Length)];
}
