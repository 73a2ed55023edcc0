namespace IsaExchange.Datasets.Validation;

/// <summary>F0xx and H1xx: the file as bytes and lines, and its header.</summary>
static class FileRuleExamples
{
    const string Header = "row_no,event_month,crime_type,lsoa";
    const string First = "1,2026-07,drugs,X01000001";
    const string Second = "2,2026-08,burglary,X01000021";

    internal static readonly Dictionary<string, RuleExample> All = new(StringComparer.Ordinal)
    {
        ["F001"] = new("(a file of 0 bytes)", $"{Header}\n{First}"),
        ["F002"] = new(Header, $"{Header}\n{First}"),
        ["F003"] = new(@"\xFF\xFEr\x00o\x00w\x00", "row"),
        ["F004"] = new(@"PK\x03\x04 (how a workbook or an archive begins)", "row"),
        ["F005"] = new(@"crime_type=drugs\x00", "crime_type=drugs"),
        ["F006"] = new(@"crime_type=drugs\xC0\xAF", "crime_type=drugs"),
        ["F007"] = new(@"crime_type=drugs\xA0 (the blank that a web page does not break at)", "crime_type=drugs"),
        ["F008"] = new(@"\xEF\xBB\xBF\xEF\xBB\xBFrow", "row"),
        ["F009"] = new(@"\xEF\xBB\xBFrow", "row (both are accepted)"),
        ["F010"] = new("(200,000 characters without a line end)", $"{First}\n{Second}"),
        ["F011"] = new("1,2026-07,\"drugs,X01000001", "1,2026-07,\"drugs\",X01000001"),
        ["F012"] = new("1,2026-07, \"drugs\",X01000001", "1,2026-07,\"drugs\",X01000001"),
        ["F013"] = new("1,2026-07,\"drugs\"s,X01000001", "1,2026-07,\"drugs\",X01000001"),
        ["F014"] = new($"{First}\n\n{Second}", $"{First}\n{Second}"),
        ["F015"] = new("1,2026-07,drugs", First),
        ["F016"] = new("1,2026-07,drugs,X01000001,", First),
        ["F017"] = new($@"{First}\r\n{Second}\n", $@"{First}\n{Second}\n"),
        ["F018"] = new($@"{Header}\r{First}\r", $@"{Header}\r\n{First}\r\n"),
        ["F019"] = new(@"crime_type=drugs\t", "crime_type=drugs"),
        ["F020"] = new("(a value of 5,000 characters)", "crime_type=drugs"),
        ["F021"] = new("(a header of 500 columns)", $"{Header}\n{First}"),
        ["F022"] = new("(the first half of a packed file)", "(the whole of it)"),
        ["F023"] = new("(a packed file with more in it than a dataset may hold)", "(the same in parts, by area)"),
        ["H101"] = new($"{Header},\n{First},", $"{Header}\n{First}"),
        ["H102"] = new($"{Header},lsoa\n{First},X01000001", $"{Header}\n{First}"),
        ["H103"] = new("row_no,event_month,crime_type\n1,2026-07,drugs", $"{Header}\n{First}"),
        ["H104"] = new($"row_no,Event Month,crime_type,lsoa\n{First}", $"{Header}\n{First}"),
        ["H105"] = new($"Crimes of the summer\n{Header}\n{First}", $"{Header}\n{First}"),
        ["H106"] = new("row_no;event_month;crime_type;lsoa\n1;2026-07;drugs;X01000001", $"{Header}\n{First}"),
    };
}
