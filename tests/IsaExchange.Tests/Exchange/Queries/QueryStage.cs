using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using IsaExchange.Datasets.Specs;
using IsaExchange.Datasets.Validation;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Exchange.Submitting;
using IsaExchange.Tests.Datasets;
using IsaExchange.Tests.Exchange.KeyLife;

namespace IsaExchange.Tests.Exchange.Queries;

/// <summary>Months of street-level counts of one authority, with real sealed cubes.</summary>
sealed class QueryStage : IAsyncDisposable
{
    public const string Street = "police-street-level";
    public const string Area = "X22000001";

    QueryStage(KeyStage keys) => Keys = keys;

    public KeyStage Keys { get; }

    public ComparePeriods Periods => With(Keys.Store);

    public ComparePeriods With(IObjectStore store) => new(Keys.Gate, Keys.Catalogue, store, Keys.Keys, Limits);

    public string Revision => Keys.Gate.Find("northmere", "").Agreement.Revision;

    public Limits Limits { get; init; } = new();

    public static DatasetSpec Spec => TestDatasets.Catalog.Find(Street)!;

    public static async Task<QueryStage> StartAsync(CancellationToken ct) =>
        new(await KeyStage.AtAsync("2026-08-01T09:00:00Z", ct));

    public static SubmissionRow Row(
        int month, SubmissionState state = SubmissionState.Submitted, string areas = Area,
        string revision = "") => new()
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"{month:D2}{Guid.NewGuid():N}"),
        Agreement = "northmere",
        AgreementRevision = revision,
        Party = "northmere-police",
        Dataset = Street,
        PeriodStart = $"2026-{month:D2}-01",
        PeriodEnd = $"2026-{month + 1:D2}-01",
        Areas = areas,
        State = state,
        CreatedBy = "",
        CreateTicks = 0,
        ExpireTicks = 0,
        SubmitTicks = 0,
    };

    /// <summary>A query that an area is silent.</summary>
    public static ViolationGroup Silent { get; } = new("Q703", "", Severity.Query, 1, "silent", "")
    {
        Area = Area,
    };

    public static ReportRow Report(SubmissionRow row, params ViolationGroup[] groups) => new()
    {
        Submission = row.Id,
        Errors = 0,
        Queries = groups.Sum(g => g.Count),
        Truncated = false,
        Json = JsonSerializer.Serialize(new KeptReport(groups, [])),
    };

    /// <summary>Cells as "code count", all in one area.</summary>
    public static Cube Cube(params string[] cells) => new(
        Street, ["crime_type", "month", "lsoa"], cells.Length,
        [.. cells.Select(c => c.Split(' ')).Select(c => new CubeCell(
            Area, ImmutableArray.Create(c[0], "", ""), long.Parse(c[1], CultureInfo.InvariantCulture), 0))]);

    public static Cube Located(Cube cube, LocationQuality at) =>
        new(cube.Dataset, cube.Dimensions, cube.Records, cube.Cells) { Figures = new RecordFigures(at, null) };

    public static PassResult Result(Cube cube) => new([], 0, new ValidationReport
    {
        RecordCount = cube.Records, AcceptedCount = cube.Records, ErrorCount = 0, QueryCount = 0, OutsideCount = 0,
        Truncated = false, StoppedEarly = false, Groups = [], Violations = [], RecordsByArea = [],
    }, cube);

    public Task AddAsync(params object[] rows) => Keys.Catalogue.WriteAsync(
        db =>
        {
            db.AddRange(rows);
            return Task.FromResult(true);
        },
        CancellationToken.None);

    public async Task<SubmissionRow> SealAsync(int month, Cube cube, CancellationToken ct)
    {
        var row = Row(month, revision: Revision);
        row.CubeObject = row.CubeOf(1).Value;
        var kek = await Keys.Keys.CurrentAsync(KeyNames.For(Keys.Gate, row), ct);
        await SealedObjects.PutAsync(Keys.Store, row.CubeOf(1), kek, CubeFile.Write(cube), ct);
        await AddAsync(row);
        return row;
    }

    public ValueTask DisposeAsync() => Keys.DisposeAsync();
}
