using System.Security.Cryptography;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Tests.Exchange.Notifying;
using IsaExchange.Tests.Exchange.Register;
using IsaExchange.Tests.Exchange.Storage;
using IsaExchange.TransparencyLog;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;

namespace IsaExchange.Tests.Exchange.KeyLife;

/// <summary>The sample agreement with real sealed objects under real key files, and a clock to turn.</summary>
sealed class KeyStage : IAsyncDisposable
{
    public const string Crime = "police-recorded-crime";
    public const string Admissions = "hospital-admissions";

    readonly NoticeStage _stage;
    readonly HashSet<string> _dated = new(StringComparer.Ordinal);

    KeyStage(NoticeStage stage)
    {
        _stage = stage;
        Folder = new TemporaryFolder();
        Store = new FolderObjectStore(Folder["objects"]);
        Keys = new KeyFileRing(Folder["keys"], stage.Clock);
        (Gate, Trail, Catalogue) = stage.Journey();
        Content = new DestroyContent(Trail, Catalogue, Store, Clock);
    }

    public TemporaryFolder Folder { get; }

    public FakeTimeProvider Clock => _stage.Clock;

    public FolderObjectStore Store { get; }

    public KeyFileRing Keys { get; }

    public AgreementGate Gate { get; }

    public AuditTrail Trail { get; }

    public SqliteCatalogue Catalogue { get; }

    public DestroyContent Content { get; }

    public Limits Limits { get; } = new() { RewrapBatch = 4 };

    public string Revision => _stage.Register.Revisions[0].Revision;

    public NoteSigner Signer { get; } = NoteSigner.Generate("isaexchange.example/test");

    public KeyHolders Holders => new(Gate, Catalogue);

    public RotateKeys Rotate => new(Holders, Trail, Catalogue, Store, Keys, Limits, Clock);

    public EraseExpired Erase => new(Gate, Trail, Catalogue, Content, Clock);

    public DestroyKeys Destroy => new(Gate, Trail, Catalogue, Store, Keys, Signer, Clock);

    public KeyReport Report => new(Store, Keys);

    /// <summary>Recorded crime is kept for one quarter, admissions for three years.</summary>
    public static Task<KeyStage> AtAsync(string start, CancellationToken ct) => AtAsync(
        start,
        SampleRegister.Yaml.Replace(
            "dataset: police-recorded-crime, periods: 20", "dataset: police-recorded-crime, periods: 1",
            StringComparison.Ordinal),
        ct);

    public static async Task<KeyStage> AtAsync(string start, string yaml, CancellationToken ct)
    {
        var stage = new KeyStage(await NoticeStage.AtAsync(start, yaml, ct));
        await stage.Gate.Book.RefreshAsync(ct);
        return stage;
    }

    /// <summary>A submitted dataset of April to June 2026 with its sealed content and cube.</summary>
    public async Task<SubmissionRow> SealAsync(
        string dataset, CancellationToken ct, SubmissionState state = SubmissionState.Submitted)
    {
        var plain = RandomNumberGenerator.GetBytes(1000);
        var row = Row(dataset, state);
        row.ContentSha256 = Convert.ToHexStringLower(SHA256.HashData(plain));
        var kek = await Keys.CurrentAsync(KeyNames.For(Gate, row), ct);
        await SealedObjects.PutAsync(Store, row.ContentOf(1), kek, plain, ct);
        await SealedObjects.PutAsync(Store, row.CubeOf(1), kek, plain.AsMemory(0, 100), ct);
        row.CubeObject = row.CubeOf(1).Value;
        row.HeaderSha256 = await HeaderSha256Async(row, ct);
        await _stage.AddAsync(row);
        DateKeys();
        return row;
    }

    /// <summary>Key files are as old as the stage's clock says, not as this machine's.</summary>
    public void DateKeys()
    {
        foreach (var file in Directory.GetFiles(Folder["keys"]).Where(_dated.Add))
            File.SetLastWriteTimeUtc(file, Clock.GetUtcNow().UtcDateTime);
    }

    public async Task<string> HeaderSha256Async(SubmissionRow row, CancellationToken ct)
    {
        await using var stored = await Store.OpenAsync(row.ContentOf(1), ct);
        return Convert.ToHexStringLower(SHA256.HashData(stored.Header));
    }

    public async Task<string> KeyIdAsync(ObjectName name, CancellationToken ct)
    {
        await using var stored = await Store.OpenAsync(name, ct);
        return SealedHeader.KeyIdOf(stored.Header);
    }

    /// <summary>Opens it whole, as a reader would.</summary>
    public async Task<string> ReadAsync(SubmissionRow row, CancellationToken ct)
    {
        await using var opened = await SealedObjects.OpenAsync(Store, row.ContentOf(1), Keys, ct);
        using var hash = SHA256.Create();
        return Convert.ToHexStringLower(await hash.ComputeHashAsync(opened, ct));
    }

    public Task<SubmissionRow> FindAsync(SubmissionRow row, CancellationToken ct) =>
        Catalogue.ReadAsync(db => db.Submissions.SingleAsync(s => s.Id == row.Id, ct), ct);

    public Task<int> EventsAsync(string action, CancellationToken ct) =>
        NoticeStage.EventsAsync(Catalogue, action, ct);

    public async Task<KeyHolder> PoliceAsync(CancellationToken ct) =>
        (await Holders.AllAsync("northmere-police", ct)).Single();

    SubmissionRow Row(string dataset, SubmissionState state) => new()
    {
        Id = Guid.NewGuid().ToString("N"),
        Agreement = "northmere",
        AgreementRevision = _stage.Register.Revisions[0].Revision,
        Party = dataset == Admissions ? "northmere-west-health" : "northmere-police",
        Dataset = dataset,
        PeriodStart = "2026-04-01",
        PeriodEnd = "2026-07-01",
        Areas = "X22000001",
        State = state,
        CreatedBy = "",
        CreateTicks = Clock.GetUtcNow().UtcTicks,
        ExpireTicks = long.MaxValue,
        SubmitTicks = Clock.GetUtcNow().UtcTicks,
        ReceiptNote = "the receipt",
        Attempt = 1,
        LastAttempt = 1,
        SealedBytes = 1032,
        Version = 1,
    };

    public async ValueTask DisposeAsync()
    {
        await _stage.DisposeAsync();
        Signer.Dispose();
        Folder.Dispose();
    }
}
