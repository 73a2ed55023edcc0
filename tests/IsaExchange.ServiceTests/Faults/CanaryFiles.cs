using System.Globalization;
using System.Text;
using IsaExchange.ServiceTests.Harness;

namespace IsaExchange.ServiceTests.Faults;

/// <summary>A file with canaries in it, and where it is sent.</summary>
sealed record CanaryFile(
    string What, string Party, string Sender, string Dataset, DateOnly Start, int Months, string[] Areas,
    byte[] Content)
{
    public string Parent => $"agreements/northmere/parties/{Party}/datasets/{Dataset}";

    public string Period => $"{Start:yyyy-MM-dd}/P{Months}M";
}

/// <summary>
/// Files that are wrong in every way that is known, and hold a canary where they are: in the cells of every column, in
/// their headers, in what is not CSV at all.
/// </summary>
sealed class CanaryFiles
{
    static readonly string[] WestAreas = ["X22000001", "X22000002"];
    static readonly string[] StreetColumns = ["row_no", "event_month", "crime_type", "lsoa"];

    static readonly string[] CrimeColumns =
    [
        "area", "row_no", "si_group", "offence", "recorded_date", "event_date", "event_date_to", "date_precision",
        "event_time", "location", "location_kind",
    ];

    static readonly string[] AdmissionColumns = ["area", "row_no", "admission_date", "home_outward", "icd10"];

    readonly string _core;
    readonly string _number;
    readonly string _nhsNumber;
    readonly string _date;
    readonly string _postcode;
    readonly string _hash;

    public CanaryFiles(Random random)
    {
        _core = "Qz" + string.Concat(Enumerable.Range(0, 10).Select(_ => (char)('a' + random.Next(26))));
        _number = "7" + string.Concat(Enumerable.Range(0, 11).Select(_ => (char)('0' + random.Next(10))));
        _nhsNumber = NhsNumber(random);
        _date = $"19{Text(random.Next(10, 40))}-0{Text(random.Next(1, 10))}-1{Text(random.Next(10))}";
        _postcode = string.Create(CultureInfo.InvariantCulture, $"ZE{random.Next(50, 99)} {random.Next(1, 10)}QJ");
        var digest = new byte[32];
        random.NextBytes(digest);
        _hash = Convert.ToHexStringLower(digest);
    }

    /// <summary>In most cells; letters only, so that every disguise of it is found.</summary>
    public string Core => _core;

    public Canaries Canaries => new(_core, _number[..10], _nhsNumber, _date, _postcode, _hash);

    public IEnumerable<CanaryFile> All() => Cells().Concat(Headers()).Concat(Shapes()).Append(ForTheGate());

    /// <summary>
    /// Nothing is wrong with it but what must never be sent: one cell of each kind that numbers tell.
    /// </summary>
    public CanaryFile ForTheGate()
    {
        string[] kinds =
        [
            "B801200005001", "AB12CDE", "81.2.69.142", "12/3456/19", "SU4821329312", $"{_nhsNumber}", "AB123456C",
        ];
        var rows = kinds.Select((kind, i) => $"{Text(i + 1)},2019-04,burglary,{_core} {kind}\n");
        return Street("refused by the gate", $"{StreetFile.Header}{string.Concat(rows)}");
    }

    /// <summary>Records with a canary in each column, and one for every kind of identifier in one column.</summary>
    public IEnumerable<CanaryFile> Cells()
    {
        yield return Street("cells of street-level records", Table(
            StreetColumns, row => [Text(row), "2019-04", "burglary", "X01000001"], identifiersIn: 3));
        var crime = Table(
            CrimeColumns,
            row =>
            [
                "X22000001", Text(row), "BURGLARY", "28E", "2019-07-03", "2019-07-02", "", "day", "", "X01000001",
                "lsoa2011",
            ],
            identifiersIn: 9);
        yield return Street("cells of recorded crimes", crime) with
        {
            Dataset = "police-recorded-crime", Start = new DateOnly(2019, 7, 1), Months = 3,
        };
        var admissions = Table(
            AdmissionColumns, row => ["X22000001", Text(row), "2019-07-04", "XN1", "F10"], identifiersIn: 3);
        yield return new CanaryFile(
            "cells of admissions", "northmere-west-health", Northmere.WestSender, "hospital-admissions",
            new DateOnly(2019, 7, 1), 3, WestAreas, Encoding.UTF8.GetBytes(admissions));
    }

    IEnumerable<CanaryFile> Headers()
    {
        const string Row = "1,2019-04,burglary,X01000001";
        yield return Street("an unknown column", $"row_no,event_month,crime_type,lsoa,{_core}\n{Row},{_core}\n");
        yield return Street(
            "a column of persons", $"row_no,event_month,crime_type,lsoa,surname {_core}\n{Row},{_core}\n");
        yield return Street("a renamed column", $"row_no,event_month,{_core},lsoa\n{Row}\n");
        yield return Street("a column twice", $"row_no,event_month,crime_type,lsoa,{_core},{_core}\n{Row},x,y\n");
        yield return Street("no header", $"{_core},{_core},{_date}\n{Row}\n");
        yield return Street(
            "semicolons", $"row_no;event_month;crime_type;lsoa;{_core}\n1;2019-04;{_core};X01000001;x\n");
        var columns = string.Join(',', Enumerable.Range(0, 5000).Select(i => _core + Text(i)));
        yield return Street("thousands of columns", $"{columns}\n{Row}\n");
    }

    IEnumerable<CanaryFile> Shapes()
    {
        yield return Street("surplus fields", Records($"1,2019-04,burglary,X01000001,{_core},{_core}"));
        yield return Street("too few fields", Records($"1,{_core}"));
        yield return Street("a quote never closed", Records($"1,2019-04,burglary,\"{_core}\n2,{_core}"));
        yield return Street("a quote in a field", Records($"1,2019-04,bur\"{_core}\"glary,X01000001"));
        yield return Street("text after a quote", Records($"1,2019-04,\"burglary\"{_core},X01000001"));
        yield return Street("a formula", Records($"1,2019-04,=HYPERLINK({_core}),X01000001"));
        yield return Street("invisible characters", Records($"1,2019-04,\u202E{_core},\u200B{_core}"));
        yield return Street("a very long value", Records($"1,2019-04,{Many(10_000)},X01000001"));
        yield return Street("no line end", Many(200_000));
        yield return Street("a NUL byte", Records($"1,2019-04,\0{_core},X01000001"));
        var bytes = Encoding.UTF8.GetBytes(Records($"1,2019-04,?{_core},X01000001"));
        bytes[Array.IndexOf(bytes, (byte)'?')] = 0xFF;
        yield return Street("not UTF-8", "") with { Content = bytes };
        bytes = [.. bytes];
        bytes[Array.IndexOf(bytes, (byte)0xFF)] = 0xE9;
        yield return Street("Windows-1252", "") with { Content = bytes };
        yield return Street("UTF-16", "") with { Content = [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Records(_core))] };
        yield return Street("a workbook", "PK\u0003\u0004" + _core);
    }

    string Many(int times) => string.Concat(Enumerable.Repeat(_core, times));

    static string Records(string record) => $"{StreetFile.Header}{record}\n2,2019-04,burglary,X01000002\n";

    static CanaryFile Street(string what, string content) => new(
        what, "northmere-police", Northmere.PoliceSender, StreetFile.Dataset, new DateOnly(2019, 4, 1), 1,
        ["X22000001"], Encoding.UTF8.GetBytes(content));

    string Table(string[] columns, Func<int, string[]> valid, int identifiersIn)
    {
        var text = new StringBuilder(string.Join(',', columns)).Append('\n');
        var row = 1;
        void Append(int column, string canary)
        {
            var fields = valid(row++);
            fields[column] = canary;
            text.AppendJoin(',', fields).Append('\n');
        }

        for (var column = 0; column < columns.Length; column++)
        {
            Append(column, $"{_core}{Text(column)}");
            Append(column, _date);
            Append(column, _number);
        }

        string[] identifiers =
        [
            $"{_core}@police.example", _nhsNumber, _postcode, _hash, $"0{_number[..10]}", $"{_core} {_core}",
            $"'{_core}",
        ];
        foreach (var identifier in identifiers)
            Append(identifiersIn, identifier);
        return text.ToString();
    }

    // Ten digits whose last checks the others (modulus 11), from the range 999, which is never issued.
    static string NhsNumber(Random random)
    {
        while (true)
        {
            var nine = string.Create(CultureInfo.InvariantCulture, $"999{random.Next(1_000_000):D6}");
            var check = 11 - (nine.Select((digit, i) => (digit - '0') * (10 - i)).Sum() % 11);
            if (check != 10)
                return nine + Text(check % 11);
        }
    }

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
