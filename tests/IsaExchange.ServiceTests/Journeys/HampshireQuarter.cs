using DuckDB.NET.Data;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.Tests.Outside;
using Xunit;

namespace IsaExchange.ServiceTests.Journeys;

/// <summary>
/// The open street-level files of a real police force, October to December 2018, taken the whole way with the programs
/// their users run: codelist import, prepare, send --submit, release publish, get.
/// </summary>
public sealed class HampshireQuarter : IAsyncLifetime
{
    public const string PoliceForceArea = "E23000030";
    public const string Period = "2018-10-01/P3M";

    static readonly string[] Months = ["2018-10", "2018-11", "2018-12"];

    string? _policies;
    TestExchange? _exchange;

    public TestExchange Exchange => _exchange ?? throw new InvalidOperationException("The exchange is not up.");

    public Ran Prepared { get; private set; } = null!;

    public Ran Sent { get; private set; } = null!;

    public Ran Published { get; private set; } = null!;

    public Ran Got { get; private set; } = null!;

    public Ran Read { get; private set; } = null!;

    /// <summary>The feed that protects small counts.</summary>
    public Ran PublishedByPlace { get; private set; } = null!;

    public Ran GotByPlace { get; private set; } = null!;

    public string ReleaseByPlace => Path.Combine(Exchange.Root, "release-by-place");

    /// <summary>Again, with the street counts themselves brought in as an outside table.</summary>
    public Ran PublishedBeside { get; private set; } = null!;

    public Ran GotBeside { get; private set; } = null!;

    public Ran Checked { get; private set; } = null!;

    public string ReleaseBeside => Path.Combine(Exchange.Root, "release-beside");

    public static string[] StreetFiles => [.. Months.Select(
        m => SharedFolders.Data("police", $"{m}-hampshire-street.csv"))];

    public string PreparedFile => Path.Combine(Exchange.Root, "quarter.csv");

    /// <summary>The records of every partnership, as another authority reads them.</summary>
    public string RecordsFile => Path.Combine(Exchange.Root, "records.csv");

    public string Release => Path.Combine(Exchange.Root, "release");

    public async ValueTask InitializeAsync()
    {
        // Without the real files each test says for itself that it is skipped; a fixture cannot.
        if (!SharedFolders.HasData)
            return;
        _policies = Directory.CreateTempSubdirectory("isax-policies-").FullName;
        await WritePoliciesAsync(_policies);
        _exchange = await TestExchange.StartAsync(_policies);
        var mapping = Path.Combine(SharedFolders.Repository, "policies", "mappings", "data-police-uk.yaml");
        Prepared = await Programs.RunIsaxAsync(
            ["prepare", .. StreetFiles, "--mapping", mapping, "--out", PreparedFile]);
        Sent = await Exchange.IsaxAsync(
            "hampshire-police.records", "send", PreparedFile, "--dataset", "police-street-level", "--period", Period,
            "--submit");
        Published = await Exchange.IsaxAsync("steward-one", "release", "publish", "street-level", "--period", Period);
        Got = await Exchange.IsaxAsync(
            "analyst-one", "get", "street-level", "--purpose", "strategic-assessment", "--out", Release);
        PublishedByPlace = await Exchange.IsaxAsync(
            "steward-one", "release", "publish", "street-level-by-place", "--period", Period);
        GotByPlace = await Exchange.IsaxAsync(
            "analyst-one", "get", "street-level-by-place", "--purpose", "strategic-assessment", "--out",
            ReleaseByPlace);
        Read = await Exchange.IsaxAsync(
            "council-one", "records", "--party", "hampshire-police", "--dataset", "police-street-level", "--period",
            Period, "--area", string.Join(',', Partnerships()), "--purpose", "strategic-assessment", "--out",
            RecordsFile);
        await PublishBesideAsync(_policies);
    }

    async Task PublishBesideAsync(string policies)
    {
        var counts = Path.Combine(Exchange.Root, "street-counts.csv");
        Query(
            $"""
            copy (
                with records as (select lsoa, crime_type, event_month from {Csv(PreparedFile)} where lsoa is not null)
                select lsoa, crime_type, event_month as month, count(r.lsoa) as value
                from (select distinct lsoa from records) cross join (select distinct crime_type from records)
                cross join (select distinct event_month from records)
                left join records r using (lsoa, crime_type, event_month) group by all order by all
            ) to '{counts}' (header)
            """);
        await Exchange.StopAsync();
        var imported = await Programs.RunIsaxAsync(
            "outside", "import", counts, "--dataset", "police-street-level", "--period", Period, "--source",
            "data.police.uk", "--policies", policies, "--partnership", "hampshire");
        Assert.True(imported.ExitCode == 0, imported.ToString());
        await Exchange.ServeAsync();
        PublishedBeside = await Exchange.IsaxAsync(
            "steward-one", "release", "publish", "street-level-by-place", "--period", Period);
        GotBeside = await Exchange.IsaxAsync(
            "analyst-one", "get", "street-level-by-place", "--purpose", "strategic-assessment", "--out",
            ReleaseBeside);
        await Exchange.StopAsync();
        Checked = await Exchange.RunServiceAsync("fsck", "--home", Exchange.Home);
        await Exchange.ServeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_exchange is not null)
            await _exchange.DisposeAsync();
        if (_policies is not null)
            Directory.Delete(_policies, recursive: true);
    }

    /// <summary>Rows of a query over the real files, as text.</summary>
    public static List<string[]> Query(string sql)
    {
        using var duckDb = new DuckDBConnection("DataSource=:memory:");
        duckDb.Open();
        using var command = duckDb.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string[]>();
        while (reader.Read())
            rows.Add(
                [.. Enumerable.Range(0, reader.FieldCount).Select(
                    i => reader.IsDBNull(i) ? "" : reader.GetValue(i).ToString()!)]);
        return rows;
    }

    /// <summary>Codes of the force's partnerships, in order.</summary>
    public static IEnumerable<string> Partnerships() => Query(
        $"""
        select distinct CSP18CD from {Csv(SharedFolders.Data("geo", "lad18_csp18_pfa18.csv"))}
        where PFA18CD = '{PoliceForceArea}' order by 1
        """).Select(row => row[0]);

    public static string Csv(params string[] paths) =>
        $"read_csv([{string.Join(", ", paths.Select(p => $"'{p}'"))}], header = true, all_varchar = true)";

    /// <summary>The agreement, specification and code lists with which the real files can be sent.</summary>
    /// <param name="policies">An empty folder.</param>
    public static async Task WritePoliciesAsync(string policies)
    {
        var repository = Path.Combine(SharedFolders.Repository, "policies");
        foreach (var folder in new[] { "datasets", "mappings" })
            CopyFolder(Path.Combine(repository, folder), Path.Combine(policies, folder));
        Directory.CreateDirectory(Path.Combine(policies, "hampshire"));
        await File.WriteAllTextAsync(Path.Combine(policies, "hampshire", "agreement.yaml"), AgreementText());
        await ImportAsync(policies, "ward", "lsoa11_ward18_lad18.csv", "WD18CD", "WD18NM", "LAD18CD", "lad");
        await ImportAsync(
            policies, "lsoa", "lsoa11_ward18_lad18.csv", "LSOA11CD", "LSOA11NM", "LAD18CD", "lad", "--part-of",
            "WD18CD=ward");
        await ImportAsync(policies, "csp", "lad18_csp18_pfa18.csv", "CSP18CD", "CSP18NM", "PFA18CD", "pfa");
        await ImportAsync(policies, "lad", "lad18_csp18_pfa18.csv", "LAD18CD", "LAD18NM", "CSP18CD", "csp");
    }

    static async Task ImportAsync(
        string policies, string list, string file, string code, string title, string parent, string parentList,
        params string[] partOf)
    {
        var ran = await Programs.RunIsaxAsync(
        [
            "codelist", "import", SharedFolders.Data("geo", file), "--list", list, "--title", list, "--publisher",
            "ONS",
            "--edition", "2018-12", "--valid-from", "2018-01-01", "--code-column", code, "--title-column", title,
            "--parent-column", parent, "--parent-list", parentList, "--source", file, "--policies", policies,
            "--partnership", "hampshire", .. partOf,
        ]);
        Assert.True(ran.ExitCode == 0, ran.ToString());
    }

    static string AgreementText()
    {
        var lookup = $"{Csv(SharedFolders.Data("geo", "lad18_csp18_pfa18.csv"))} where PFA18CD = '{PoliceForceArea}'";
        var areas = Query(
            $"""
            select CSP18CD, any_value(CSP18NM), string_agg(LAD18CD, ', ' order by LAD18CD) from {lookup}
            group by 1 order by 1
            """);
        var districts = Query($"select LAD18CD, LAD18NM from {lookup} order by 1");
        var partnerships = areas.Select(a => $"  - {{ code: {a[0]}, title: \"{a[1]}\", kind: csp, of: [{a[2]}] }}");
        return Agreement(districts, partnerships, string.Join(", ", areas.Select(a => a[0])));
    }

    static string Agreement(IEnumerable<string[]> districts, IEnumerable<string> partnerships, string codes) =>
        $$"""
            agreement: hampshire
            title: Street-level records of one police force area
            owner: hampshire-police
            from: 2018-04-01
            to: 2040-03-31
            review:
              due: 2039-04-01
              grace_days: 90
            legal_bases: [local-agreement]
            geography:
              codelist: csp
              edition: "2018-12"
            areas:
            {{string.Join('\n', districts.Select(d => $"  - {{ code: {d[0]}, title: \"{d[1]}\", kind: district }}"))}}
            {{string.Join('\n', partnerships)}}
            parties:
              - { id: hampshire-police, title: Police, kind: police, areas: [{{codes}}] }
              - { id: hampshire-council, title: Council, kind: county-council, areas: [{{codes}}] }
            people:
              - { id: officer-one, name: Officer One, contact: officer@police.example }
              - { id: analyst-one, name: Analyst One, contact: analyst@police.example }
              - { id: council-one, name: Council One, contact: one@council.example }
              - { id: steward-one, name: Steward One, contact: steward@police.example }
            officers:
              - { party: hampshire-police, person: officer-one, areas: all, from: 2018-04-01, to: 2040-03-31 }
            senders:
              - { party: hampshire-police, name: records, datasets: [police-street-level], unattended: true }
            roles:
              analysts:
                - { party: hampshire-police, person: analyst-one }
                - { party: hampshire-council, person: council-one }
              stewards:
                - { party: hampshire-police, person: steward-one }
            {{Clauses(codes)}}
            """;

    /// <summary>What is owed, published and read, and who signs.</summary>
    static string Clauses(string codes) =>
        $$"""
        purposes:
          - { id: strategic-assessment, title: Strategic assessment }
        datasets:
          - dataset: police-street-level
            party: hampshire-police
            areas: [{{codes}}]
            cadence: quarterly
            due_days: 90
            basis: local-agreement
        feeds:
          - id: street-level
            title: Street-level crime by partnership and type
            dataset: police-street-level
            areas: [{{codes}}]
            tables:
              - { name: area-by-type, dimensions: [area, crime_type] }
            regime: open
            purposes: [strategic-assessment]
            readers: [hampshire-police]
            marking: OFFICIAL
          - id: street-level-by-place
            title: Street-level crime by district, by ward and by small area
            dataset: police-street-level
            areas: [{{codes}}]
            tables:
              - { name: district-by-type-by-month, dimensions: [lsoa/lad, crime_type, month] }
              - { name: wards, dimensions: [lsoa/ward] }
              - { name: small-areas, dimensions: [lsoa] }
              - { name: small-areas-by-type-by-month, dimensions: [lsoa, crime_type, month] }
            geography: auto
            purposes: [strategic-assessment]
            readers: [hampshire-police]
            marking: OFFICIAL
        retention:
          - { dataset: police-street-level, periods: 40 }
        signing:
          quorum: 1
          signatories:
            - { party: hampshire-police, person: officer-one, office: Head of Performance }
            - { party: hampshire-council, person: council-one, office: Head of Community Safety }
        records:
          - dataset: police-street-level
            readers: [hampshire-council]
            columns: [event_month, crime_type, lsoa]
            purposes: [strategic-assessment]

        """;

    static void CopyFolder(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
