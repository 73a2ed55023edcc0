namespace IsaExchange.Datasets.Validation;

/// <summary>X4xx: several fields of a record. Q7xx: what all records of a file, or of several periods, show.</summary>
static class RecordRuleExamples
{
    internal static readonly Dictionary<string, RuleExample> All = new(StringComparer.Ordinal)
    {
        ["X401"] = new(
            "area=X22000002 (in a submission for X22000001)",
            "area=X22000002 (in a submission for X22000001 and X22000002)"),
        ["X402"] = new("lsoa=", "lsoa=X01000001"),
        ["X403"] = new("area=X22000001; location=X01000021", "area=X22000001; location=X01000001"),
        ["X404"] = new("si_group=VAP; offence=28E", "si_group=BURGLARY; offence=28E"),
        ["X405"] = new(
            "event_date=2026-07-02; event_date_to=2026-07-01", "event_date=2026-07-01; event_date_to=2026-07-02"),
        ["X406"] = new("date_precision=minute; event_time=", "date_precision=minute; event_time=23:15"),
        ["X407"] = new("date_precision=day; event_time=23:15", "date_precision=day; event_time="),
        ["X408"] = new(
            "1,2026-07,drugs,X01000001\n3,2026-08,burglary,X01000021",
            "1,2026-07,drugs,X01000001\n2,2026-08,burglary,X01000021"),
        ["X409"] = new("adult_slight=0; child_slight=0 (and nobody else)", "adult_slight=1; child_slight=0"),
        ["X410"] = new(
            "qualifier=DOMESTIC; location=X01000001; location_kind=lsoa2011",
            "qualifier=DOMESTIC; location=; location_kind=none"),
        ["X411"] = new(
            "X22000001,1,2026-07,DRUG_TREATMENT,180\nX22000001,2,2026-08,DRUG_TREATMENT,164",
            "X22000001,1,2026-07,DRUG_TREATMENT,180\nX22000002,2,2026-07,DRUG_TREATMENT,164"),
        ["X412"] = new("reason_1=DB; reason_2=; reason_3=VA", "reason_1=DB; reason_2=VA; reason_3="),
        ["Q702"] = new(
            "(100 in each of the four quarters before, 230 in this one)",
            "(100 in each of the four quarters before, 130 in this one)"),
        ["Q703"] = new(
            "(an area had 100 in each of the four quarters before, and has 0 in this one)",
            "(an area had 100 in each of the four quarters before, and has 90 in this one)"),
        ["Q704"] = new(
            "(a code had 100 in each of the four quarters before, and has 0 in this one)",
            "(a code had 100 in each of the four quarters before, and has 90 in this one)"),
        ["Q705"] = new("event_time=00:00 (in every record)", "event_time=23:15"),
        ["Q706"] = new("event_date=2026-07-01 (in every record)", "event_date=2026-07-03"),
        ["Q707"] = new(
            "(70 drugs and 30 burglaries in the quarter before, 70 and 30 in this one)",
            "(70 drugs and 30 burglaries in the quarter before, 70 and 31 in this one)"),
    };
}
