using System.Text;
using IsaExchange.Datasets.CodeLists;
using IsaExchange.Datasets.Specs;
using IsaExchange.Datasets.Validation;
using IsaExchange.Tests.Outside;

namespace IsaExchange.Tests.Datasets;

/// <summary>
/// The datasets of the repository over small invented code lists, for the quarter October to December 2018.
/// </summary>
static class TestDatasets
{
    public const string StreetHeader = "row_no,event_month,crime_type,lsoa";

    public const string CrimeHeader = "area,row_no,si_group,offence,recorded_date,event_date,event_date_to,"
        + "date_precision,event_time,location,location_kind";

    public const string AdmissionHeader = "area,row_no,admission_date,home_outward,icd10";

    static readonly Lazy<DatasetCatalog> s_catalog = new(LoadCatalog);
    static readonly Lazy<CodeListCatalog> s_lists = new(WriteAndLoadLists);

    public static DatasetCatalog Catalog => s_catalog.Value;

    public static CodeListCatalog Lists => s_lists.Value;

    public static ValidationPlan Street { get; } = Plan("police-street-level");

    public static ValidationPlan Crime { get; } = Plan("police-recorded-crime");

    public static ValidationPlan Admissions { get; } = Plan("hospital-admissions");

    public static ValidationPlan Plan(string id, ValidationLimits? limits = null) => Plan(Catalog.Find(id)!, limits);

    public static ValidationPlan Plan(DatasetSpec spec, ValidationLimits? limits = null) => ValidationPlan.Compile(
        spec, Lists, new DateOnly(2018, 10, 1), new DateOnly(2019, 1, 1), ["E22000001", "E22000002"], limits);

    public static ValidationReport Validate(this ValidationPlan plan, string csv, int chunk = int.MaxValue) =>
        plan.Validate(Encoding.UTF8.GetBytes(csv), chunk);

    public static ValidationReport Validate(
        this ValidationPlan plan, byte[] content, int chunk = int.MaxValue, IRecordSink? sink = null)
    {
        using var arriving = new ChunkedStream(content, chunk);
        return new DatasetValidator(plan).Validate(arriving, sink ?? new RecordingSink(), CancellationToken.None);
    }

    /// <summary>The violations as "rule line/record/column field".</summary>
    public static IEnumerable<string> Places(this ValidationReport report) =>
        report.Violations.Select(v => $"{v.Rule} {v.Line}/{v.Record}/{v.Column} {v.Field}".TrimEnd());

    public static void WriteList(string folder, string id, string? parentList, string editions,
        params (string File, string Csv)[] files)
    {
        var list = Directory.CreateDirectory(Path.Combine(folder, id)).FullName;
        var parent = parentList is null ? "" : $"parent_list: {parentList}\n";
        File.WriteAllText(Path.Combine(list, "list.yaml"),
            $"id: {id}\ntitle: Test list\npublisher: Nobody\n{parent}editions:\n{editions}");
        foreach (var (file, csv) in files)
            File.WriteAllText(Path.Combine(list, file), csv);
    }

    static DatasetCatalog LoadCatalog()
    {
        var catalog = DatasetCatalog.Load(Path.Combine(SharedFolders.Repository, "policies"), out var faults);
        Xunit.Assert.Empty(faults);
        return catalog;
    }

    static CodeListCatalog WriteAndLoadLists()
    {
        var folder = Directory.CreateTempSubdirectory("isax-codelists-").FullName;
        const string Edition = "  - {edition: '2018', file: 2018.csv, valid_from: 2011-01-01, source: test}\n";
        WriteList(folder, "csp", null, Edition,
            ("2018.csv", "code,title,parent\nE22000001,One,\nE22000002,Two,\nE22000009,Nine,\n"));
        WriteList(folder, "lad", "csp", Edition, ("2018.csv", "code,title,parent\nE07000001,D1,E22000001\n"
            + "E07000002,D2,E22000001\nE07000003,D3,E22000002\nE07000009,D9,E22000009\nE07000010,D10,\n"));
        WriteList(folder, "lsoa", "lad", Edition, ("2018.csv", "code,title,parent\nE01000001,L1,E07000001\n"
            + "E01000002,L2,E07000002\nE01000003,L3,E07000003\nE01000009,L9,E07000009\nE01000010,L10,E07000010\n"));
        WriteList(folder, "offences", "si-groups", Edition,
            ("2018.csv", "code,title,parent\n28E,Burglary dwelling,BURGLARY\n8N,Assault,VAP\n105A,Harassment,VAP\n"));
        var lists = CodeListCatalog.Load(folder, out var faults);
        Xunit.Assert.Empty(faults);
        Directory.Delete(folder, recursive: true);
        return lists;
    }
}
