using System.Text;
using System.Text.Json;
using IsaExchange.ServiceTests.Harness;
using Xunit;

namespace IsaExchange.ServiceTests.Transcripts;

/// <summary>The verbs that run at the authority, before anything leaves it.</summary>
[Collection(KeptDemoTogether.Name)]
public sealed class OfflineVerbTests(KeptDemo demo)
{
    const string Admissions = "hospital-admissions";

    [Fact]
    public async Task Validate_TakesTheAreasOfTheOnlyAuthorityThatOwesIt()
    {
        var ran = await ValidateAsync("recorded-crime.csv", "police-recorded-crime");
        Assert.True(ran.ExitCode == 0, $"{ran}");
        Assert.StartsWith(
            "NOT SUBMITTED: only checked; 20000 records, no errors, 0 queries", ran.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_TellsHowFewRecordsShareWhatTellsOfAPerson()
    {
        string[] validate =
        [
            "validate", Path.Combine(KeptDemo.Policies, "datasets", "examples", "school-exclusions.valid.csv"),
            "--dataset", "school-exclusions", "--period", "2026-07-01/P3M", "--areas", "X22000001,X22000002",
            "--policies", KeptDemo.Policies,
        ];
        var ran = await Programs.RunIsaxAsync(validate);
        Assert.True(ran.ExitCode == 0, $"{ran}");
        Assert.Contains("age, gender, school", ran.Output, StringComparison.Ordinal);
        Assert.Contains("0 % alone, 0 % below 3, 0 % below 5", ran.Output, StringComparison.Ordinal);

        var json = await Programs.RunIsaxAsync([.. validate, "-o", "json"]);
        using var said = JsonDocument.Parse(json.Output[..(json.Output.LastIndexOf('}') + 1)]);
        var risk = said.RootElement.GetProperty("record_risk");
        Assert.Equal((11, 2, 5), (
            risk.GetProperty("counted").GetInt64(), risk.GetProperty("groups").GetInt64(),
            risk.GetProperty("smallest_group").GetInt64()));
        Assert.Equal(0.1818, risk.GetProperty("average_risk").GetDouble());
    }

    [Fact]
    public async Task Validate_AsksWhoseFileItIsWhereSeveralOweIt()
    {
        var unsaid = await ValidateAsync("west.csv", Admissions);
        Assert.Equal((2, "NOT SUBMITTED"), (unsaid.ExitCode, unsaid.LastLine));
        Assert.Contains("northmere-east-health, northmere-west-health", unsaid.Messages, StringComparison.Ordinal);
        Assert.Contains("--party", unsaid.Messages, StringComparison.Ordinal);

        var own = await ValidateAsync("west.csv", Admissions, "--party", "northmere-west-health");
        Assert.True(own.ExitCode == 0, $"{own}");
        var credential = Path.Combine(demo.Home, "credentials", KeptDemo.WestOfficer);
        var credited = await ValidateAsync("west.csv", Admissions, "--as", credential);
        Assert.Equal((0, own.LastLine), (credited.ExitCode, credited.LastLine));
        var stranger = await ValidateAsync("west.csv", Admissions, "--party", "northmere-police");
        Assert.Equal((2, "NOT SUBMITTED"), (stranger.ExitCode, stranger.LastLine));
    }

    [Fact]
    public async Task Validate_TellsFaultsByPlaceInEveryFormat()
    {
        string[] west = ["--areas", "X22000001,X22000002"];
        var table = await ValidateAsync("west-faulty.csv", Admissions, west);
        Assert.True(table.ExitCode == 3, $"{table}");
        Assert.Equal("NOT SUBMITTED: 5 errors to correct in the source", table.LastLine);
        var json = await ValidateAsync("west-faulty.csv", Admissions, [.. west, "-o", "json"]);
        using var said = JsonDocument.Parse(json.Output);
        Assert.Equal(5, said.RootElement.GetProperty("violations").GetArrayLength());
        var csv = await ValidateAsync("west-faulty.csv", Admissions, [.. west, "-o", "csv"]);
        Assert.StartsWith("line,record,column,field,rule,severity,", csv.Output, StringComparison.Ordinal);
        Assert.Contains(table.LastLine, csv.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnknownOptionOfSend_EndsWithNotSubmitted()
    {
        var ran = await Programs.RunIsaxAsync("send", demo.Made("west.csv"), "--no-such-option");
        Assert.Equal((2, "NOT SUBMITTED"), (ran.ExitCode, ran.LastLine));
        Assert.Contains("see: isax send --help", ran.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rule_IsExplained()
    {
        var ran = await Programs.RunIsaxAsync("rule", "d503", "-o", "json");
        using var said = JsonDocument.Parse(ran.Output);
        Assert.Equal("D503", said.RootElement.GetProperty("rule").GetString());
        Assert.Equal("home_outward=ZZ1 1AA", said.RootElement.GetProperty("wrong").GetString());
        Assert.Equal("home_outward=ZZ1", said.RootElement.GetProperty("right").GetString());
        var all = await Programs.RunIsaxAsync("rule", "-o", "csv");
        Assert.StartsWith("rule,severity,title\r\n", all.Output, StringComparison.Ordinal);
        Assert.Equal(5, (await Programs.RunIsaxAsync("rule", "Z999")).ExitCode);
    }

    [Fact]
    public async Task Datasets_AreToldInWordsAndWrittenForOtherTools()
    {
        string[] policies = ["--policies", KeptDemo.Policies];
        var list = await Programs.RunIsaxAsync(["datasets", "list", "-o", "json", .. policies]);
        using var listed = JsonDocument.Parse(list.Output);
        Assert.Contains(listed.RootElement.EnumerateArray(),
            d => d.GetProperty("dataset").GetString() == Admissions);

        var shown = await Programs.RunIsaxAsync(["datasets", "show", Admissions, "-o", "json", .. policies]);
        using var said = JsonDocument.Parse(shown.Output);
        Assert.Equal(5, said.RootElement.GetProperty("columns").GetArrayLength());
        Assert.Equal("cda-1998-s17a", said.RootElement.GetProperty("dataset").GetProperty("legal_basis").GetString());
        var page = await Programs.RunIsaxAsync(["datasets", "show", Admissions, "--format", "markdown", .. policies]);
        Assert.Equal(
            await File.ReadAllTextAsync(
                Path.Combine(KeptDemo.Policies, "datasets", "pages", $"{Admissions}.md"),
                TestContext.Current.CancellationToken),
            page.Output);

        var target = Path.Combine(demo.Root, "admissions.json");
        string[] export = ["datasets", "export", Admissions, "--format", "table-schema", "--to", target, .. policies];
        var written = await Programs.RunIsaxAsync(export);
        Assert.True(written.ExitCode == 0, $"{written}");
        using var schema = JsonDocument.Parse(
            await File.ReadAllTextAsync(target, TestContext.Current.CancellationToken));
        Assert.Equal(5, schema.RootElement.GetProperty("fields").GetArrayLength());
        Assert.Equal(2, (await Programs.RunIsaxAsync(export)).ExitCode);
        Assert.Equal(0, (await Programs.RunIsaxAsync([.. export, "--overwrite"])).ExitCode);
        var unknown = await Programs.RunIsaxAsync(["datasets", "show", "no-such-dataset", .. policies]);
        Assert.Equal(5, unknown.ExitCode);
        Assert.Contains("isax datasets list", unknown.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prepare_LeavesIdentifyingColumnsBehind()
    {
        const string Header = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,"
            + "LSOA name,Crime type,Last outcome category,Context\n";
        var source = await demo.WriteAsync(Encoding.ASCII.GetBytes(Header + """
            abc,2026-07,N,N,-1.5,50.9,On or near Elm Street,X01000001,Alderbrook 001A,Burglary,Under investigation,
            ,2026-07,N,N,-1.5,50.9,On or near Elm Street,X01000002,Alderbrook 001B,Drugs,,

            """));
        var mapping = Path.Combine(KeptDemo.Policies, "mappings", "data-police-uk.yaml");
        var target = Path.Combine(demo.Root, "prepared.csv");
        string[] prepare = ["prepare", source, "--mapping", mapping, "--out", target];
        var ran = await Programs.RunIsaxAsync([.. prepare, "-o", "json"]);
        Assert.True(ran.ExitCode == 0, $"{ran}");
        using var said = JsonDocument.Parse(ran.Output);
        Assert.Equal(2, said.RootElement.GetProperty("records_written").GetInt64());
        var prepared = await File.ReadAllTextAsync(target, TestContext.Current.CancellationToken);
        Assert.Equal(
            "row_no,event_month,crime_type,lsoa\n1,2026-07,burglary,X01000001\n2,2026-07,drugs,X01000002\n",
            prepared.ReplaceLineEndings("\n"));
        Assert.Equal(2, (await Programs.RunIsaxAsync(prepare)).ExitCode);
    }

    [Fact]
    public async Task CodelistImport_RefusesAnEditionThatChanged()
    {
        var policies = Path.Combine(demo.Root, "policies");
        var list = Path.Combine(policies, "northmere", "codelists", "wards");
        Directory.CreateDirectory(Path.GetDirectoryName(list)!);
        var first = await ImportAsync(
            "code,name\nX05000001,Elm\nX05000002,Oak\n", "--title", "Wards", "--publisher", "N");
        Assert.True(first.ExitCode == 0, $"{first}");
        var edition = Path.Combine(list, "2026-04.csv");
        var before = await File.ReadAllTextAsync(edition, TestContext.Current.CancellationToken);
        var changed = await ImportAsync("code,name\nX05000001,Elm\nX05000003,Ash\n");
        Assert.True(changed.ExitCode == 3, $"{changed}");
        Assert.Contains("refused: nothing was changed", changed.Output, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllTextAsync(edition, TestContext.Current.CancellationToken));

        async Task<Ran> ImportAsync(string csv, params string[] more) => await Programs.RunIsaxAsync(
        [
            "codelist", "import", await demo.WriteAsync(Encoding.ASCII.GetBytes(csv)), "--list", "wards",
            "--edition", "2026-04", "--valid-from", "2026-04-01", "--code-column", "code", "--title-column", "name",
            "--policies", policies, "--source", "a test", .. more,
        ]);
    }

    [Fact]
    public async Task OutsideImport_TakesAPublicTableWholeOrNotAtAll()
    {
        var policies = Path.Combine(demo.Root, "outside-policies");
        CopyFolder(KeptDemo.Policies, policies);
        var first = await ImportAsync("crime_type,month,value\ndrugs,2026-07,12\nALL,2026-07,40\n");
        Assert.True(first.ExitCode == 0, $"{first}");
        var listed = await Programs.RunIsaxAsync("outside", "list", "--policies", policies, "-o", "csv");
        Assert.Contains("street,police-street-level,2026-07-01,2026-09-30,2,", listed.Output, StringComparison.Ordinal);
        var faulty = await ImportAsync("crime_type,month,value\ndrugs,2026-07,12.5\n");
        Assert.True(faulty.ExitCode == 3, $"{faulty}");
        Assert.Contains(":2: The value is not an exact count", faulty.Messages, StringComparison.Ordinal);
        Assert.DoesNotContain("12.5", faulty.Messages + faulty.Output, StringComparison.Ordinal);

        async Task<Ran> ImportAsync(string csv) => await Programs.RunIsaxAsync(
            "outside", "import", await demo.WriteAsync(Encoding.ASCII.GetBytes(csv)), "--id", "street",
            "--dataset", "police-street-level", "--period", "2026-07-01/P3M", "--source", "a paper",
            "--policies", policies);
    }

    static void CopyFolder(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    Task<Ran> ValidateAsync(string file, string dataset, params string[] more) => Programs.RunIsaxAsync(
    [
        "validate", demo.Made(file), "--dataset", dataset, "--period", demo.Quarter, "--policies", KeptDemo.Policies,
        .. more,
    ]);
}
