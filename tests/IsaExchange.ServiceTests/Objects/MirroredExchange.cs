using System.Text.Json.Nodes;
using Azure.Storage.Blobs;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.ServiceTests.Harness.Production;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Objects;

/// <summary>An exchange on Blob Storage that also puts its releases where engines read them; one is
/// published.</summary>
public sealed class MirroredExchange : NorthmereExchange
{
    static readonly Period Quarter = Northmere.Quarter(2024, 7);

    BlobAccounts? _account;

    public Release Release { get; private set; } = new();

    public Submission West { get; private set; } = new();

    /// <summary>The container with the open releases.</summary>
    public BlobContainerClient Container => _account!.Client.GetBlobContainerClient(Open);

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    string Open => "open-" + _account!.Prefix;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _account = await BlobAccounts.AzuriteAsync();
        await Exchange.StopAsync();
        var parts = await ProductionParts.StartedAsync();
        foreach (var (name, value) in parts.Environment)
            Exchange.Environment[name] = value;
        await UseAsync(Path.Combine(Exchange.Home, "settings.json"));
        await Exchange.ServeAsync();
        var west = new WireSender(Submissions(Northmere.WestSender), Northmere.WestAdmissions);
        West = await west.SubmitAsync(
            west.Request(Quarter, "X22000001", "X22000002"),
            Northmere.AdmissionsTable(
                Quarter, ("X22000001", "F10", 12), ("X22000001", "X99", 3), ("X22000001", "T51", 8),
                ("X22000002", "F11", 7)));
        Release = await Feeds(Northmere.Steward)
            .PublishReleaseAsync(new PublishReleaseRequest { Parent = Northmere.AdmissionsFeed, Period = Quarter });
    }

    /// <summary>Names of the open files, once they are as wanted.</summary>
    public async Task<IReadOnlyList<string>> FilesAsync(Func<IReadOnlyList<string>, bool> areWanted)
    {
        IReadOnlyList<string> names = [];
        for (var tries = 0; tries < 400; tries++)
        {
            names = await Container.ExistsAsync(Stop)
                ? await Container.GetBlobsAsync(cancellationToken: Stop).Select(b => b.Name).ToListAsync(Stop)
                : [];
            if (areWanted(names))
                return names;
            await Task.Delay(100, Stop);
        }

        throw new TimeoutException($"Not as wanted after 40 s: {string.Join(' ', names)}\n{Exchange.Log}");
    }

    async Task UseAsync(string path)
    {
        var settings = JsonNode.Parse(await File.ReadAllTextAsync(path))!.AsObject();
        var blobs = settings["blobs"] as JsonObject ?? [];
        if (blobs.Count == 0)
        {
            blobs["account"] = _account!.Client.Uri.ToString();
            blobs["container_prefix"] = _account.Prefix;
            settings["blobs"] = blobs;
        }

        blobs["releases_container"] = Open;
        await File.WriteAllTextAsync(path, settings.ToJsonString());
    }
}
