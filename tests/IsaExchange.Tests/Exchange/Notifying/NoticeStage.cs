using IsaExchange.Agreement;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Notifying;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Tests.Exchange.Register;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;

namespace IsaExchange.Tests.Exchange.Notifying;

/// <summary>A catalogue on disk, the sample agreement, a clock to turn, and an obedient carrier.</summary>
sealed class NoticeStage : IAsyncDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("isax-notices-").FullName;
    readonly List<SqliteCatalogue> _opened = [];
    readonly List<PartnershipBook> _books = [];
    readonly SampleRegister _register = new();

    NoticeStage(string start) => Clock = new FakeTimeProvider(DateTimeOffset.Parse(
        start, System.Globalization.CultureInfo.InvariantCulture));

    public FakeTimeProvider Clock { get; }

    public FakeCarrier Carrier { get; } = new();

    public Limits Limits { get; } = new();

    public static async Task<NoticeStage> AtAsync(string start, CancellationToken ct)
    {
        var stage = new NoticeStage(start);
        var catalogue = stage.Open();
        await catalogue.CreateAsync(ct);
        var revision = stage._register.Propose(SampleRegister.Yaml, SampleRegister.Begin);
        stage._register.Sign(revision, SampleRegister.Begin, 11);
        stage._register.Reach(revision, AgreementStage.InForce, SampleRegister.Begin.AddHours(1));
        await stage._register.SaveAsync(catalogue, ct);
        return stage;
    }

    /// <summary>A replica: its own view of the same catalogue, as after a restart.</summary>
    public (SendReminders Reminders, NoticeDelivery Delivery, SqliteCatalogue Catalogue) Replica()
    {
        var catalogue = Open();
        var trail = new AuditTrail(catalogue, Clock, "isaexchange.example/test");
        var book = new PartnershipBook(SampleRegister.Policies, catalogue, _register.Check, Limits, Clock);
        _books.Add(book);
        var gate = new AgreementGate(book, trail, Clock);
        return (
            new SendReminders(gate, trail, catalogue, Clock),
            new NoticeDelivery(trail, catalogue, Carrier, book, Limits, Clock), catalogue);
    }

    public static Task<List<NoticeRow>> NoticesAsync(SqliteCatalogue catalogue, CancellationToken ct) =>
        catalogue.ReadAsync(db => db.Notices.OrderBy(n => n.Slot).ThenBy(n => n.Recipient).ToListAsync(ct), ct);

    public static Task<int> EventsAsync(SqliteCatalogue catalogue, string action, CancellationToken ct) =>
        catalogue.ReadAsync(
            db => db.Events.CountAsync(e => e.Json!.Contains($"\"action\":\"{action}\""), ct), ct);

    SqliteCatalogue Open()
    {
        var catalogue = new SqliteCatalogue(Path.Combine(_folder, "catalogue.db"));
        _opened.Add(catalogue);
        return catalogue;
    }

    public ValueTask DisposeAsync()
    {
        foreach (var book in _books)
            book.Dispose();
        foreach (var catalogue in _opened)
            catalogue.Dispose();
        _register.Dispose();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}

/// <summary>Takes messages, or answers with the refusals it was given, one an attempt.</summary>
sealed class FakeCarrier : INoticeCarrier
{
    public List<OutgoingNotice> Taken { get; } = [];

    public Queue<NoticeRefusedException> Refusals { get; } = [];

    public int Attempts { get; private set; }

    public Task<string> CarryAsync(OutgoingNotice notice, CancellationToken ct)
    {
        Attempts++;
        if (Refusals.TryDequeue(out var refusal))
            throw refusal;
        Taken.Add(notice);
        return Task.FromResult($"250 taken as {Taken.Count}");
    }
}
