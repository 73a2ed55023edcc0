using System.Security.Cryptography;
using System.Text.Json;
using Grpc.Core;
using IsaExchange.Cli.Rendering;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>
/// Brings a release's files home. Nothing takes its name before everything held: the log's key signed the manifest, the
/// manifest names every file, and every file has the SHA-256 it was published with.
/// </summary>
sealed class ReleaseDownload(Invocation run, Release release, string purpose, string folder)
{
    const string ManifestFile = "manifest.json";

    /// <summary>Of a proposal nothing is signed: its manifest is the one that would be approved.</summary>
    public ReleaseProposal? Proposal { get; init; }

    public bool EvenIfRetracted { get; init; }

    /// <param name="isWanted">Asked of the name of each file; the manifest comes in any case.</param>
    /// <returns>Paths of the files, the manifest first.</returns>
    public async Task<IReadOnlyList<string>> Run(Func<string, bool> isWanted)
    {
        foreach (var file in release.Files) CheckName(file.Name);
        var manifest = release.Files.FirstOrDefault(f => f.Name == ManifestFile)
            ?? throw new VerbException(ExitCode.Integrity, $"{release.Name} has no {ManifestFile}");
        var wanted = release.Files
            .Where(f => f.Name == ManifestFile || isWanted(f.Name))
            .OrderBy(f => f.Name == ManifestFile ? 0 : 1);
        var arriving = new List<ArrivingFile>();
        try
        {
            foreach (var file in wanted)
            {
                arriving.Add(await Fetch(file));
                if (file.Name == ManifestFile) CheckManifest(arriving[0].Content, manifest);
            }
            foreach (var file in arriving) await file.Arrive();
            return [.. arriving.Select(f => f.Path)];
        }
        finally
        {
            foreach (var file in arriving) await file.DisposeAsync();
        }
    }

    async Task<ArrivingFile> Fetch(ReleaseFile file)
    {
        var arriving = ArrivingFile.Create(Path.Combine(folder, file.Name));
        try
        {
            await ByteProgress.Run(run.Terminal, file.Name, file.SizeBytes, async progress =>
            {
                await Resilience.Stream(o => Read(file, arriving.Content, progress, o), run.Stop);
                return true;
            });
            arriving.Content.Position = 0;
            var digest = await SHA256.HashDataAsync(arriving.Content, run.Stop);
            if (!digest.AsSpan().SequenceEqual(file.Sha256.Span))
                throw new VerbException(ExitCode.Integrity,
                    $"{file.Name} is not the file that was published: its SHA-256 differs");
            return arriving;
        }
        catch
        {
            await arriving.DisposeAsync();
            throw;
        }
    }

    // After a broken link the rest is asked for, from where the file stands.
    async Task Read(ReleaseFile file, FileStream target, Action<long> progress, CallOptions options)
    {
        var request = new ReadReleaseFileRequest
        {
            Name = Proposal?.Name ?? release.Name,
            File = file.Name,
            EvenIfRetracted = EvenIfRetracted,
            Purpose = purpose,
            ReadOffset = target.Position,
        };
        using var call = run.Exchange.Feeds.ReadReleaseFile(request, options);
        await foreach (var part in call.ResponseStream.ReadAllAsync(run.Stop))
        {
            await target.WriteAsync(part.Data.Memory, run.Stop);
            if (target.Position > file.SizeBytes)
                throw new VerbException(ExitCode.Integrity, $"{file.Name} is longer than what was published");
            progress(target.Position);
        }
    }

    void CheckManifest(FileStream content, ReleaseFile manifest)
    {
        if (Proposal is null)
            CheckNote(manifest);
        else if (!Proposal.ManifestSha256.Span.SequenceEqual(manifest.Sha256.Span))
            throw new VerbException(ExitCode.Integrity, "the manifest is not the one that is proposed");
        content.Position = 0;
        var published = Manifest(content);
        foreach (var file in release.Files.Where(f => f.Name != ManifestFile))
        {
            if (!published.TryGetValue(file.Name, out var sha256) || sha256 != SubmissionAnswers.Hex(file.Sha256.Span))
                throw new VerbException(ExitCode.Integrity,
                    $"{file.Name} is not in the signed manifest as the exchange tells it");
        }
    }

    void CheckNote(ReleaseFile manifest)
    {
        var key = LogKey.Read(run.Credential.LogVkeyPath);
        var note = LogKey.Open(key, release.ManifestNote, "the manifest").Split('\n');
        if (note is not ["isaexchange.example/release/v1", var about, var digest, ..]
            || about != $"release {release.Name}"
            || digest != $"manifest sha256 {SubmissionAnswers.Hex(manifest.Sha256.Span)}")
            throw new VerbException(ExitCode.Integrity, "the signed note is about another release or manifest");
    }

    /// <summary>File names and hex SHA-256 that the manifest lists.</summary>
    static Dictionary<string, string> Manifest(FileStream content)
    {
        try
        {
            using var json = JsonDocument.Parse(content);
            return json.RootElement.GetProperty("files").EnumerateArray().ToDictionary(
                f => f.GetProperty("name").GetString() ?? "",
                f => f.GetProperty("sha256").GetString() ?? "",
                StringComparer.Ordinal);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException
            or ArgumentException)
        {
            throw new VerbException(ExitCode.Integrity, $"{ManifestFile} is not a manifest of this exchange", inner: e);
        }
    }

    // A name from elsewhere must not choose where on this machine it is written.
    static void CheckName(string name)
    {
        if (name.Length is 0 or > 200 || name[0] is '.' or '-'
            || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'))
            throw new VerbException(ExitCode.Integrity,
                $"the release names a file that cannot be written: {Cell.Printable(name)}");
    }
}
