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
    NoticeStage(string start) => Clock = new FakeTimeProvider(DateTimeOffset.Parse(
        start, System.Globalization.CultureInfo.InvariantCulture));

    public FakeTimeProvider Clock { get; }

    public SampleRegister Register { get; } = new();

    public FakeCarrier Carrier { get; } = new();

    public Limits Limits { get; } = new();

    public static Task<NoticeStage> AtAsync(string start, CancellationToken ct) =>
        AtAsync(start, SampleRegister.Yaml, ct);

    public static async Task<NoticeStage> AtAsync(string start, string yaml, CancellationToken ct)
    {
        var stage = new NoticeStage(start);
        var catalogue = stage.Open();
        await catalogue.CreateAsync(ct);
        var revision = stage.Register.Propose(yaml, SampleRegister.Begin);
        stage.Register.Sign(revision, SampleRegister.Begin, 11);
        stage.Register.Reach(revision, AgreementStage.InForce, SampleRegister.Begin.AddHours(1));
        await stage.Register.SaveAsync(catalogue, ct);
        return stage;
    }

    /// <summary>A replica: its own view of the same catalogue, as after a restart.</summary>
    public (SendReminders Reminders, NoticeDelivery Delivery, SqliteCatalogue Catalogue) Replica()
    {
        var (gate, trail, catalogue) = Journey();
        return (
            new SendReminders(gate, trail, catalogue, Clock),
            new NoticeDelivery(trail, catalogue, Carrier, gate.Book, Limits, Clock), catalogue);
    }

    /// <summary>What every journey of a replica is made of.</summary>
    public (AgreementGate Gate, AuditTrail Trail, SqliteCatalogue Catalogue) Journey()
    {
        var catalogue = Open();
        var trail = new AuditTrail(catalogue, Clock, "isaexchange.example/test");
        var book = new PartnershipBook(SampleRegister.Policies, catalogue, Register.Check, Limits, Clock);
        _books.Add(book);
        return (new AgreementGate(book, trail, Clock), trail, catalogue);
    }

    /// <summary>Another revision comes into force now.</summary>
    public async Task ReplaceAsync(string yaml, CancellationToken ct)
    {
        var (revisions, stages) = (Register.Revisions.Count, Register.Stages.Count);
        var (signatures, credentials) = (Register.Signatures.Count, Register.Credentials.Count);
        var now = Clock.GetUtcNow();
        var revision = Register.Propose(yaml, now);
        Register.Reach(Register.Revisions[revisions - 1], AgreementStage.Replaced, now);
        Register.Sign(revision, now, 11);
        Register.Reach(revision, AgreementStage.InForce, now);
        await Open().WriteAsync(
            async db =>
            {
                db.Revisions.AddRange(Register.Revisions.Skip(revisions));
                db.RevisionStages.AddRange(Register.Stages.Skip(stages));
                db.Signatures.AddRange(Register.Signatures.Skip(signatures));
                db.Credentials.AddRange(Register.Credentials.Skip(credentials));
                await IsaExchange.Exchange.Register.RegisterWrite.ActedAsync(db);
                return true;
            },
            ct);
        Clock.Advance(TimeSpan.FromMinutes(1));
    }

    /// <summary>A submission of the police as the catalogue holds it, with nothing behind it.</summary>
    public SubmissionRow Submission(string dataset, string areas, SubmissionState state) => new()
    {
        Id = Guid.NewGuid().ToString("N"),
        Agreement = "northmere",
        AgreementRevision = Register.Revisions[0].Revision,
        Party = dataset == "hospital-admissions" ? "northmere-west-health" : "northmere-police",
        Dataset = dataset,
        PeriodStart = "2026-04-01",
        PeriodEnd = "2026-07-01",
        Areas = areas,
        State = state,
        NilReason = "nothing-recorded",
        CreatedBy = "",
        CreateTicks = Clock.GetUtcNow().UtcTicks,
        ExpireTicks = 0,
        SubmitTicks = Clock.GetUtcNow().UtcTicks,
    };

    public Task AddAsync(params object[] rows) => Open().WriteAsync(
        db =>
        {
            db.AddRange(rows);
            return Task.FromResult(true);
        },
        CancellationToken.None);

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
        Register.Dispose();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}

/// <summary>Takes messages, or answers with the refusals it was given, one an attempt.</summary>
sealed class FakeCarrier : INoticeCarrier
{
    public List<OutgoingNotice> Taken { get; } = [];

    public Queue<Exception> Refusals { get; } = [];

    /// <summary>What happens once while a message is on its way.</summary>
    public Func<Task>? Meanwhile { get; set; }

    public int Attempts { get; private set; }

    public async Task<string> CarryAsync(OutgoingNotice notice, CancellationToken ct)
    {
        Attempts++;
        var meanwhile = Meanwhile;
        Meanwhile = null;
        if (meanwhile is not null)
            await meanwhile();
        if (Refusals.TryDequeue(out var refusal))
            throw refusal;
        Taken.Add(notice);
        return $"250 taken as {Taken.Count}";
    }
}
