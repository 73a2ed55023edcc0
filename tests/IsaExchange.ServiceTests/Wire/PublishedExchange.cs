using Grpc.Core;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;

namespace IsaExchange.ServiceTests.Wire;

/// <summary>
/// A quarter of admissions, released three times: with the west alone, with the east too, and after the west has
/// corrected itself. The first release is read when it is new, and again at the end.
/// </summary>
public sealed class PublishedExchange : NorthmereExchange
{
    public static readonly Period Quarter = Northmere.Quarter(2024, 7);

    public Submission West { get; private set; } = new();

    public Submission East { get; private set; } = new();

    public Submission Corrected { get; private set; } = new();

    public Release WestAlone { get; private set; } = new();

    public Release Complete { get; private set; } = new();

    public Release AfterCorrection { get; private set; } = new();

    /// <summary>Files of the first release by name, as they were on the first day.</summary>
    public IReadOnlyDictionary<string, byte[]> FirstFiles { get; private set; } =
        new Dictionary<string, byte[]>(StringComparer.Ordinal);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        var west = new WireSender(Submissions(Northmere.WestSender), Northmere.WestAdmissions);
        var request = west.Request(Quarter, "X22000001", "X22000002");
        West = await west.SubmitAsync(request, Northmere.AdmissionsTable(
            Quarter, ("X22000001", "F10", 12), ("X22000001", "X99", 3), ("X22000001", "T51", 8),
            ("X22000002", "F11", 7)));
        WestAlone = await PublishAsync();
        FirstFiles = await FilesAsync(WestAlone);

        // The east's sender is attended: its officer submits.
        var east = new WireSender(Submissions(Northmere.EastSender), Northmere.EastAdmissions);
        var sent = await east.SendAsync(
            east.Request(Quarter, "X22000003", "X22000004"),
            Northmere.AdmissionsTable(Quarter, ("X22000003", "F10", 20), ("X22000004", "Y90", 1)));
        var officer = new WireSender(Submissions(Northmere.EastOfficer), Northmere.EastAdmissions);
        East = await officer.SubmitAsync(sent.Name);
        Complete = await PublishAsync();

        (request.Submission.Supersedes, request.Submission.CorrectionReason) = (West.Name, "A ward was left out.");
        Corrected = await west.SubmitAsync(request, Northmere.AdmissionsTable(
            Quarter, ("X22000001", "F10", 42), ("X22000001", "X99", 3), ("X22000001", "T51", 8),
            ("X22000002", "F11", 7)));
        AfterCorrection = await PublishAsync();
    }

    async Task<Release> PublishAsync() => await Feeds(Northmere.Steward)
        .PublishReleaseAsync(new PublishReleaseRequest { Parent = Northmere.AdmissionsFeed, Period = Quarter });

    public async Task<IReadOnlyDictionary<string, byte[]>> FilesAsync(Release release)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var file in release.Files)
            files[file.Name] = await ReadAsync(release.Name, file.Name);
        return files;
    }

    public async Task<byte[]> ReadAsync(string release, string file, long offset = 0)
    {
        using var call = Feeds(Northmere.CouncilAnalyst).ReadReleaseFile(new ReadReleaseFileRequest
        {
            Name = release, File = file, Purpose = "strategic-assessment", ReadOffset = offset,
        });
        using var content = new MemoryStream();
        await foreach (var part in call.ResponseStream.ReadAllAsync())
            content.Write(part.Data.Span);
        return content.ToArray();
    }
}
