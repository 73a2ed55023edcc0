namespace IsaExchange.Datasets.Validation;

/// <summary>T2xx, C3xx, P6xx and Q701: single fields.</summary>
static class FieldRuleExamples
{
    internal static readonly Dictionary<string, RuleExample> All = new(StringComparer.Ordinal)
    {
        ["T201"] = new("event_month=", "event_month=2026-07"),
        ["T202"] = new("event_date=14/08/2026", "event_date=2026-08-14"),
        ["T203"] = new("event_month=08/2026", "event_month=2026-08"),
        ["T204"] = new("event_time=9.30", "event_time=09:30"),
        ["T205"] = new("count=1 204", "count=1204"),
        ["T206"] = new("adult_slight=111 (it may be 0 to 99)", "adult_slight=11"),
        ["T207"] = new("home_outward=zz1", "home_outward=ZZ1"),
        ["T208"] = new("icd10=X99.1", "icd10=X99"),
        ["C301"] = new("crime_type=Drugs", "crime_type=drugs"),
        ["C302"] = new("lsoa=X01000999", "lsoa=X01000001"),
        ["C303"] = new("category=AS-SUBSTANCE (of the edition before 2011)", "category=AS-NOISE"),
        ["P601"] = new("event_month=2026-06", "event_month=2026-07"),
        ["Q701"] = new("event_date=1962-06-28", "event_date=2026-06-28"),
    };
}
