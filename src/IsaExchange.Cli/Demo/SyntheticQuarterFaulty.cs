using System.Globalization;

namespace IsaExchange.Cli.Demo;

/// <summary>A fault put into a file on purpose.</summary>
/// <param name="Line">1-based line of the file, the header counted.</param>
/// <param name="Column">The column with the fault.</param>
/// <param name="What">What is wrong, without the value.</param>
sealed record SyntheticQuarterFault(int Line, string Column, string What);

static partial class SyntheticQuarter
{
    /// <summary>Fewest records of a faulty file.</summary>
    public const int FewestFaultyRows = 20;

    const int FaultStream = 4;

    /// <summary>
    /// The file of <see cref="WriteHospitalAdmissions"/> with five faults, each in a record of its own, that a health
    /// body really makes. The NHS number is of the range 999, which is never issued; the postcode does not exist.
    /// </summary>
    /// <returns>The faults, in order of their lines.</returns>
    public static IReadOnlyList<SyntheticQuarterFault> WriteFaultyHospitalAdmissions(
        Stream output, long seed, DateOnly quarterStart, IReadOnlyList<string> csps, int rows)
    {
        if (rows < FewestFaultyRows)
            throw new ArgumentOutOfRangeException(nameof(rows), "The faults need at least 20 records.");
        var random = new SyntheticQuarterRandom(seed, FaultStream);
        var outside = Iso(quarterStart.AddMonths(3).AddDays(random.Below(28)));
        (string Column, int Field, string Value, string What)[] faults =
        [
            ("home_outward", 3, $"XN{1 + random.Below(15)} {1 + random.Below(9)}AB", "a full postcode"),
            ("home_outward", 3, NhsNumber(random), "an NHS number"),
            ("admission_date", 2, outside, "a date outside the period"),
            ("icd10", 4, "K35", "a code that this dataset does not ask for"),
            ("home_outward", 3, "", "a value that is required is missing"),
        ];
        var part = rows / faults.Length;
        var at = faults.Select((_, i) => (i * part) + random.Below(part)).ToArray();
        using var csv = Open(output, AdmissionHeader);
        foreach (var (row, admission) in MakeAdmissions(seed, quarterStart, csps, rows).Index())
        {
            if (Array.IndexOf(at, row) is >= 0 and var fault)
                admission[faults[fault].Field] = faults[fault].Value;
            Write(csv, admission);
        }

        return [.. faults.Select((fault, i) => new SyntheticQuarterFault(at[i] + 2, fault.Column, fault.What))];
    }

    /// <summary>Ten digits whose last checks the others (modulus 11), from the range kept for tests.</summary>
    static string NhsNumber(SyntheticQuarterRandom random)
    {
        while (true)
        {
            var nine = string.Create(CultureInfo.InvariantCulture, $"999{random.Below(1_000_000):D6}");
            var check = 11 - (nine.Select((digit, i) => (digit - '0') * (10 - i)).Sum() % 11);
            if (check != 10)
                return nine + Text(check % 11);
        }
    }
}
