namespace IsaExchange.Datasets.Validation;

/// <summary>
/// D5xx: what must never be in a submission. The identifiers are nobody's: numbers of zeros, the NHS numbers kept for
/// tests, the telephone numbers kept for drama, addresses of the internet kept for documents, postcodes of ZZ, which
/// is no place. Of a column the first values are given.
/// </summary>
static class GateRuleExamples
{
    const string WithoutColumn = "(the file without the column)";

    internal static readonly Dictionary<string, RuleExample> All = new(StringComparer.Ordinal)
    {
        ["D501"] = new(
            "row_no,event_month,crime_type,lsoa,ward\n1,2026-07,drugs,X01000001,North",
            "row_no,event_month,crime_type,lsoa\n1,2026-07,drugs,X01000001"),
        ["D502"] = new(
            "row_no,event_month,crime_type,lsoa,surname\n1,2026-07,drugs,X01000001,Example",
            "row_no,event_month,crime_type,lsoa\n1,2026-07,drugs,X01000001"),
        ["D503"] = new("home_outward=ZZ1 1AA", "home_outward=ZZ1"),
        ["D504"] = new("home_outward=ZZ1 1", "home_outward=ZZ1"),
        ["D505"] = new("row_no=999 000 0018", "row_no=1"),
        ["D506"] = new("location=someone@example.org", "location=X01000001"),
        ["D507"] = new("row_no=01632 960001", "row_no=1"),
        ["D508"] = new("admission_date=1987-03-14", "admission_date=2026-07-04"),
        ["D509"] = new("row_no=0123456789abcdef0123456789abcdef", "row_no=1"),
        ["D510"] = new("row_no=AA000000A", "row_no=1"),
        ["D511"] = new("row_no=A000000000000", "row_no=1"),
        ["D512"] = new("row_no=YY99 YYY", "row_no=1"),
        ["D513"] = new("row_no=192.0.2.1", "row_no=1"),
        ["D514"] = new("row_no=00/0001/26", "row_no=1"),
        ["D515"] = new("location=SV 00000 00000", "location=X01000001"),
        ["D521"] = new("log: L-1001, L-1002, L-1003 (and so on)", WithoutColumn),
        ["D522"] = new("day: 01/05/2011, 02/05/2012, 03/05/2013 (and so on)", WithoutColumn),
        ["D523"] = new(
            "what_happened: ran off towards shop 1, ran off towards shop 2, ran off towards shop 3 (and so on)",
            WithoutColumn),
        ["D524"] = new("contact: John Example, Mary Example, Joe Example (and so on)", WithoutColumn),
        ["D525"] = new("mark: YYY 101, YYY 102, YYY 103 (and so on)", WithoutColumn),
        ["D526"] = new("property: 000000000001, 000000000002, 000000000003 (and so on)", WithoutColumn),
        ["D527"] = new("reference: 99260000001, 99260000002, 99260000003 (and so on)", WithoutColumn),
        ["D528"] = new("y: 54.00011, 54.00012, 54.00013 (and so on)", WithoutColumn),
        ["D529"] = new(
            "source_key: key00000000000001, key00000000000002, key00000000000003 (and so on)", WithoutColumn),
        ["D531"] = new(
            "age=15; gender=M; school=9904001 (the only record of these, where five must share them)",
            "age=14; gender=M; school=9904001 (as four others have)"),
        ["D532"] = new(
            "age=15; gender=M; school=9904001 (the only record of these, where five must share them)",
            "age=14; gender=M; school=9904001 (as four others have)"),
        ["D533"] = new(
            "(a year of a county with more combinations of age, gender and school than can be counted)",
            "(the same by quarters)"),
    };
}
