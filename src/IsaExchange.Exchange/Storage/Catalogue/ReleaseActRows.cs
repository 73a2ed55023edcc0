using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Exchange.Storage.Catalogue;

/// <summary>A release that a steward took back. The release itself stays as it is: number, files, statements.</summary>
public sealed class ReleaseRetractionRow
{
    public required string Agreement { get; init; }

    public required string Feed { get; init; }

    public required int Number { get; init; }

    /// <summary>Told to its readers; the log has its digest.</summary>
    public required string Reason { get; init; }

    /// <summary>Subject of whoever did it.</summary>
    public required string Actor { get; init; }

    public required string Event { get; init; }

    public required long Ticks { get; init; }

    /// <summary>Signed over name, time, event and digest of the reason.</summary>
    public required string Note { get; init; }
}

/// <summary>
/// A release that waits for approval. Its files are made and sealed, under the number that it will have, so that those
/// who approve approve just these bytes; nothing of it is published. What becomes of it are rows of their own.
/// </summary>
public sealed class ReleaseProposalRow
{
    public required string Id { get; init; }

    public required string Agreement { get; init; }

    public required string Feed { get; init; }

    /// <summary>The next one when it was made. A release that is published before takes it away.</summary>
    public required int Number { get; init; }

    public required string Build { get; init; }

    public required string AgreementRevision { get; init; }

    public required string Dataset { get; init; }

    public required string PeriodStart { get; init; }

    public required string PeriodEnd { get; init; }

    public required long ProposeTicks { get; init; }

    /// <summary>From then on nobody can approve it.</summary>
    public required long LapseTicks { get; init; }

    /// <summary>First day on which readers may read it, in London; null: as the agreement says.</summary>
    public string? EmbargoUntil { get; init; }

    public required string Note { get; init; }

    public required string FilesJson { get; init; }

    public required string CoverageJson { get; init; }

    /// <summary>JSON array of submission, party and dataset of its inputs.</summary>
    public required string InputsJson { get; init; }

    /// <summary>JSON array of the names of the releases that it was checked with.</summary>
    public required string EarlierJson { get; init; }

    public required string SecretsSha256 { get; init; }

    public required bool Complete { get; init; }

    public required string ManifestSha256 { get; init; }

    /// <summary>Subject of whoever proposed it.</summary>
    public required string Proposer { get; init; }

    public required string Party { get; init; }

    public required string Event { get; init; }

    public string FeedName => $"agreements/{Agreement}/feeds/{Feed}";

    public string Name => $"{FeedName}/proposals/{Id}";

    public string ObjectOf(string file) => $"releases/{Agreement}/{Feed}/{Build}/{file}";

    /// <summary>The release that it is when it is published at this time; not signed, and without its event.</summary>
    public ReleaseRow AsRelease(long publishTicks, long readableTicks) => new()
    {
        Agreement = Agreement,
        Feed = Feed,
        Number = Number,
        Build = Build,
        AgreementRevision = AgreementRevision,
        Dataset = Dataset,
        SecretsSha256 = SecretsSha256,
        PeriodStart = PeriodStart,
        PeriodEnd = PeriodEnd,
        PublishTicks = publishTicks,
        ReadableTicks = readableTicks,
        Note = Note,
        ManifestNote = "",
        FilesJson = FilesJson,
        CoverageJson = CoverageJson,
        Complete = Complete,
        Event = "",
    };
}

public enum ProposalActKind
{
    Approve = 1,
    Reject = 2,
}

/// <summary>What somebody said to a proposal.</summary>
public sealed class ProposalActRow
{
    public required string Event { get; init; }

    public required string Proposal { get; init; }

    public required ProposalActKind Kind { get; init; }

    /// <summary>Subject of whoever said it.</summary>
    public required string Actor { get; init; }

    public required string Party { get; init; }

    /// <summary>Of a refusal; the log has its digest.</summary>
    public required string Reason { get; init; }

    public required long Ticks { get; init; }
}

static class ReleaseActRows
{
    public static void Configure(ModelBuilder model)
    {
        model.Entity<ReleaseRetractionRow>().HasKey(x => new { x.Agreement, x.Feed, x.Number });
        model.Entity<ReleaseProposalRow>().HasKey(x => x.Id);
        model.Entity<ReleaseProposalRow>().HasIndex(x => new { x.Agreement, x.Feed });
        model.Entity<ProposalActRow>().HasKey(x => x.Event);
        model.Entity<ProposalActRow>().HasIndex(x => x.Proposal);
    }
}
