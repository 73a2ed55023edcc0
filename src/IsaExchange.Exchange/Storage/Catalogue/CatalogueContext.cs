using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange.Storage.Catalogue;

/// <summary>
/// What the exchange knows about what it holds: no record content, no exact counts (those are sealed in cubes).
/// Times are UTC ticks, dates are ISO text, so that every provider orders them alike. Each provider has a context of
/// its own, because each has migrations of its own.
/// </summary>
public abstract class CatalogueContext(DbContextOptions options) : DbContext(options)
{
    public DbSet<SubmissionRow> Submissions => Set<SubmissionRow>();

    public DbSet<ReportRow> Reports => Set<ReportRow>();

    public DbSet<ExplanationRow> Explanations => Set<ExplanationRow>();

    public DbSet<SubmissionActRow> SubmissionActs => Set<SubmissionActRow>();

    public DbSet<ErasureRow> Erasures => Set<ErasureRow>();

    public DbSet<RequestRow> Requests => Set<RequestRow>();

    public DbSet<AnsweredRequestRow> AnsweredRequests => Set<AnsweredRequestRow>();

    public DbSet<EventRow> Events => Set<EventRow>();

    public DbSet<EventSubjectRow> EventSubjects => Set<EventSubjectRow>();

    public DbSet<TreeHashRow> TreeHashes => Set<TreeHashRow>();

    public DbSet<CheckpointRow> Checkpoints => Set<CheckpointRow>();

    public DbSet<TreeStateRow> TreeStates => Set<TreeStateRow>();

    public DbSet<ActorRow> Actors => Set<ActorRow>();

    public DbSet<CredentialRow> Credentials => Set<CredentialRow>();

    public DbSet<IdentityRow> Identities => Set<IdentityRow>();

    public DbSet<ReleaseRow> Releases => Set<ReleaseRow>();

    public DbSet<ReleaseInputRow> ReleaseInputs => Set<ReleaseInputRow>();

    public DbSet<ReleaseRetractionRow> ReleaseRetractions => Set<ReleaseRetractionRow>();

    public DbSet<ReleaseProposalRow> ReleaseProposals => Set<ReleaseProposalRow>();

    public DbSet<ProposalActRow> ProposalActs => Set<ProposalActRow>();

    public DbSet<StatementRow> Statements => Set<StatementRow>();

    public DbSet<RevisionRow> Revisions => Set<RevisionRow>();

    public DbSet<RevisionStageRow> RevisionStages => Set<RevisionStageRow>();

    public DbSet<SignatureRow> Signatures => Set<SignatureRow>();

    public DbSet<CommentRow> Comments => Set<CommentRow>();

    public DbSet<ReadingRow> Readings => Set<ReadingRow>();

    public DbSet<DesignationRow> Designations => Set<DesignationRow>();

    public DbSet<DesignationEndRow> DesignationEnds => Set<DesignationEndRow>();

    public DbSet<NamedPersonRow> NamedPeople => Set<NamedPersonRow>();

    public DbSet<PartyWithdrawalRow> PartyWithdrawals => Set<PartyWithdrawalRow>();

    public DbSet<CodeListUseRow> CodeListUses => Set<CodeListUseRow>();

    public DbSet<RegisterVersionRow> RegisterVersions => Set<RegisterVersionRow>();

    public DbSet<ExceptionRow> Exceptions => Set<ExceptionRow>();

    public DbSet<WithholdingRow> Withholdings => Set<WithholdingRow>();

    public DbSet<NoticeRow> Notices => Set<NoticeRow>();

    public DbSet<NoticeItemRow> NoticeItems => Set<NoticeItemRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<SubmissionRow>(row =>
        {
            row.HasKey(x => x.Id);
            row.HasIndex(x => new { x.Agreement, x.Party, x.Dataset, x.State });
            row.Property(x => x.Version).IsConcurrencyToken();
        });
        modelBuilder.Entity<ReportRow>().HasKey(x => x.Submission);
        modelBuilder.Entity<ExplanationRow>().HasKey(x => new { x.Submission, x.Group, x.Number });
        modelBuilder.Entity<SubmissionActRow>().HasKey(x => x.Event);
        modelBuilder.Entity<SubmissionActRow>().HasIndex(x => x.Submission);
        modelBuilder.Entity<RequestRow>().HasKey(x => x.Id);
        modelBuilder.Entity<RequestRow>().HasIndex(x => x.Agreement);
        modelBuilder.Entity<RequestRow>().Property(x => x.Version).IsConcurrencyToken();
        modelBuilder.Entity<AnsweredRequestRow>().HasKey(x => new { x.Caller, x.RequestId });
        ConfigureLog(modelBuilder);
        ConfigureRegister(modelBuilder);
        ConfigureCompliance(modelBuilder);
        CredentialRow.Configure(modelBuilder);
        IdentityRow.Configure(modelBuilder);
        ErasureRow.Configure(modelBuilder);
        modelBuilder.Entity<ReleaseRow>(row =>
        {
            // The real guard of "numbered without gaps, never two alike": two publishers cannot both insert number n.
            row.HasKey(x => new { x.Agreement, x.Feed, x.Number });
        });
        ReleaseActRows.Configure(modelBuilder);
        modelBuilder.Entity<ReleaseInputRow>().HasKey(x => new { x.Agreement, x.Feed, x.Number, x.Submission });
        modelBuilder.Entity<ReleaseInputRow>().HasIndex(x => x.Submission);
        modelBuilder.Entity<StatementRow>().HasKey(x => new { x.Agreement, x.Feed, x.Number, x.Table, x.CellKey });
    }

    static void ConfigureRegister(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<RevisionRow>().HasKey(x => new { x.Agreement, x.Revision });
        modelBuilder.Entity<RevisionStageRow>().HasKey(x => x.Sequence);
        modelBuilder.Entity<RevisionStageRow>().Property(x => x.Sequence).ValueGeneratedOnAdd();

        // One signature a party and revision: the key refuses a second one whatever the code forgot.
        modelBuilder.Entity<SignatureRow>().HasKey(x => new { x.Agreement, x.Revision, x.Party });
        modelBuilder.Entity<CommentRow>().HasKey(x => x.Sequence);
        modelBuilder.Entity<CommentRow>().Property(x => x.Sequence).ValueGeneratedOnAdd();
        modelBuilder.Entity<ReadingRow>().HasKey(x => new { x.Agreement, x.Revision, x.Subject });
        modelBuilder.Entity<DesignationRow>().HasKey(x => new { x.Agreement, x.Id });
        modelBuilder.Entity<DesignationEndRow>().HasKey(x => x.Sequence);
        modelBuilder.Entity<DesignationEndRow>().Property(x => x.Sequence).ValueGeneratedOnAdd();
        modelBuilder.Entity<NamedPersonRow>().HasKey(x => new { x.Agreement, x.Person });
        modelBuilder.Entity<PartyWithdrawalRow>().HasKey(x => new { x.Agreement, x.Party });
        modelBuilder.Entity<CodeListUseRow>().HasKey(x => new { x.Agreement, x.List, x.Edition });
        modelBuilder.Entity<RegisterVersionRow>().Property(x => x.Id).ValueGeneratedNever();
    }

    static void ConfigureCompliance(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<ExceptionRow>().HasKey(x => x.Id);
        modelBuilder.Entity<ExceptionRow>().HasIndex(x => x.Agreement);
        modelBuilder.Entity<WithholdingRow>().HasKey(x => x.Id);
        modelBuilder.Entity<WithholdingRow>().HasIndex(x => x.Agreement);
        modelBuilder.Entity<NoticeRow>(row =>
        {
            row.HasKey(x => x.Id);
            row.HasIndex(x => new { x.State, x.NextTicks });
            // Two replicas that plan the same day cannot both write to the same person.
            row.HasIndex(x => new { x.Agreement, x.Recipient, x.Slot }).IsUnique();
        });
        modelBuilder.Entity<NoticeItemRow>().HasKey(x => new { x.Agreement, x.Recipient, x.Key });
    }

    static void ConfigureLog(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<EventRow>(row =>
        {
            row.HasKey(x => x.Sequence);
            row.Property(x => x.Sequence).ValueGeneratedOnAdd();
            row.HasIndex(x => x.Id).IsUnique();
            row.HasIndex(x => x.Index).IsUnique();
        });
        modelBuilder.Entity<EventSubjectRow>(row =>
        {
            row.HasKey(x => new { x.Event, x.Agreement, x.Party, x.Dataset });
            row.HasIndex(x => new { x.Agreement, x.Party, x.Dataset });
        });
        modelBuilder.Entity<TreeHashRow>().HasKey(x => new { x.Level, x.Index });
        modelBuilder.Entity<CheckpointRow>().HasKey(x => x.Size);
        modelBuilder.Entity<CheckpointRow>().Property(x => x.Size).ValueGeneratedNever();
        modelBuilder.Entity<TreeStateRow>(row =>
        {
            // Compare and swap: whoever works on a state that is no longer this one changes nothing.
            row.Property(x => x.Id).ValueGeneratedNever();
            row.Property(x => x.Epoch).IsConcurrencyToken();
            row.Property(x => x.Size).IsConcurrencyToken();
            row.HasData(new TreeStateRow());
        });
        modelBuilder.Entity<ActorRow>().HasKey(x => x.Subject);
    }
}
