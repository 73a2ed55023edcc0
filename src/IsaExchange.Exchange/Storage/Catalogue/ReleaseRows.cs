using System.Globalization;

namespace IsaExchange.Exchange.Storage.Catalogue;

/// <summary>A published release. The row appears in one transaction with its event: that is the moment of
/// publication.</summary>
public sealed class ReleaseRow
{
    public required string Agreement { get; init; }

    public required string Feed { get; init; }

    /// <summary>From 1, without gaps.</summary>
    public required int Number { get; init; }

    /// <summary>Folder of its objects; a build that never got its row is garbage.</summary>
    public required string Build { get; init; }

    public required string AgreementRevision { get; init; }

    public required string Dataset { get; init; }

    public required string PeriodStart { get; init; }

    public required string PeriodEnd { get; init; }

    public required long PublishTicks { get; init; }

    /// <summary>Until then its readers cannot read it; the time of publication where there is no embargo.</summary>
    public required long ReadableTicks { get; set; }

    public required string Note { get; init; }

    /// <summary>Signed over name and manifest digest, when it is published.</summary>
    public required string ManifestNote { get; set; }

    /// <summary>JSON array of name, media type, bytes, sha256, rows.</summary>
    public required string FilesJson { get; init; }

    /// <summary>JSON array of coverage lines.</summary>
    public required string CoverageJson { get; init; }

    public required bool Complete { get; init; }

    /// <summary>Id of the event of its publication; known only inside the transaction that publishes it.</summary>
    public required string Event { get; set; }

    /// <summary>Of what later releases are checked with; empty when it was erased with what the release was made
    /// from.</summary>
    public required string SecretsSha256 { get; set; }

    public string Name => $"agreements/{Agreement}/feeds/{Feed}/releases/{Number}";

    public ObjectName SecretsObject => new($"{SecretsPrefix}{Agreement}/{Feed}/{Build}");

    public const string SecretsPrefix = "release-secrets/";

    public const string FilesPrefix = "releases/";

    public string ObjectOf(string file) => $"{FilesPrefix}{Agreement}/{Feed}/{Build}/{file}";

    /// <summary>When a build was named; null for what is no name of one.</summary>
    public static DateTimeOffset? TimeOf(string build) =>
        Guid.TryParseExact(build, "N", out var id) && id.Version == 7
            ? DateTimeOffset.FromUnixTimeMilliseconds(
                long.Parse(build.AsSpan(0, 12), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture))
            : null;
}

/// <summary>Which submission went into which release: the answer to "who read what was ours".</summary>
public sealed class ReleaseInputRow
{
    public required string Agreement { get; init; }

    public required string Feed { get; init; }

    public required int Number { get; init; }

    public required string Submission { get; init; }

    public required string Party { get; init; }

    public required string Dataset { get; init; }
}

/// <summary>
/// One published cell in the release ledger. Append-only: what was once said stays said, and the interval check
/// reads all of it.
/// </summary>
public sealed class StatementRow
{
    public required string Agreement { get; init; }

    public required string Feed { get; init; }

    public required int Number { get; init; }

    public required string Table { get; init; }

    public required string CellKey { get; init; }

    public required string Status { get; init; }

    public long? Value { get; init; }

    public required long Lo { get; init; }

    public long? Hi { get; init; }
}
