using System.Globalization;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using IsaExchange.Exchange.Storage;
using IsaExchange.Service.Adapters.Blobs;
using IsaExchange.ServiceTests.Harness.Production;

namespace IsaExchange.ServiceTests.Harness;

/// <summary>A sealed object, taken out of its store whole, to be put back as it was.</summary>
public sealed record TakenObject(
    string Name, byte[] Header, byte[] Payload, IReadOnlyDictionary<string, string> Metadata);

/// <summary>The objects of an exchange, as whoever administers its store can get at them: bytes under names.</summary>
public abstract class StoredObjects
{
    public static StoredObjects Of(TestExchange exchange) => SetUp.IsServers
        ? new InAccount(exchange.Servers)
        : new InFolder(Path.Combine(exchange.Home, "objects", "objects"));

    /// <summary>Names of those whose name begins like this.</summary>
    public abstract Task<IReadOnlyList<string>> NamesAsync(string prefix);

    public abstract Task<TakenObject> TakeAsync(string name);

    public abstract Task PutBackAsync(TakenObject taken);

    public abstract Task<bool> ExistsAsync(string name);

    /// <summary>Name of the one dataset of the submission of this id.</summary>
    public async Task<string> DatasetOfAsync(string submission) =>
        (await NamesAsync("datasets/")).Single(n => n.Contains("/" + submission, StringComparison.Ordinal));

    /// <summary>Another byte, so far from the end.</summary>
    public async Task DamageAsync(string name, int fromEnd)
    {
        var taken = await TakeAsync(name);
        taken.Payload[^fromEnd]++;
        await PutBackAsync(taken);
    }

    sealed class InFolder(string root) : StoredObjects
    {
        string Of(string name) => Path.Combine(root, name) + "@";

        public override Task<IReadOnlyList<string>> NamesAsync(string prefix)
        {
            var folders = Directory.Exists(root)
                ? Directory.EnumerateDirectories(root, "*@", SearchOption.AllDirectories) : [];
            return Task.FromResult<IReadOnlyList<string>>(
                [.. folders.Select(f => Path.GetRelativePath(root, f)[..^1])
                    .Where(n => n.StartsWith(prefix, StringComparison.Ordinal))]);
        }

        public override async Task<TakenObject> TakeAsync(string name) => new(
            name, await File.ReadAllBytesAsync(Path.Combine(Of(name), "header")),
            await File.ReadAllBytesAsync(Path.Combine(Of(name), "payload")), new Dictionary<string, string>());

        public override async Task PutBackAsync(TakenObject taken)
        {
            Directory.CreateDirectory(Of(taken.Name));
            await File.WriteAllBytesAsync(Path.Combine(Of(taken.Name), "header"), taken.Header);
            await File.WriteAllBytesAsync(Path.Combine(Of(taken.Name), "payload"), taken.Payload);
        }

        public override Task<bool> ExistsAsync(string name) => Task.FromResult(Directory.Exists(Of(name)));
    }

    sealed class InAccount : StoredObjects
    {
        readonly BlobServiceClient _account;
        readonly BlobNames _names;

        public InAccount(Servers servers)
        {
            _account = BlobAccount.Client(
                servers.Parts.Azurite.Account, IdentityEndpoint.Credential,
                new HttpClientTransport(servers.Parts.Authority.TrustingHandler()));
            _names = new BlobNames(servers.ContainerPrefix);
        }

        BlockBlobClient Blob(string name) =>
            _account.GetBlobContainerClient(
                ObjectName.TryParse(name, out var parsed) ? _names.ContainerOf(parsed) : _names.Exchange)
                .GetBlockBlobClient(name);

        public override async Task<IReadOnlyList<string>> NamesAsync(string prefix)
        {
            var names = new List<string>();
            await foreach (var container in _account.GetBlobContainersAsync(prefix: _names.Prefix))
            {
                var blobs = _account.GetBlobContainerClient(container.Name).GetBlobsAsync(
                    BlobTraits.None, BlobStates.None, prefix, CancellationToken.None);
                await foreach (var blob in blobs)
                    names.Add(blob.Name);
            }

            return names;
        }

        public override async Task<TakenObject> TakeAsync(string name)
        {
            var content = (await Blob(name).DownloadContentAsync()).Value;
            var bytes = content.Content.ToArray();
            var metadata = content.Details.Metadata.ToDictionary(StringComparer.OrdinalIgnoreCase);
            var header = int.Parse(metadata["isaxheader"], CultureInfo.InvariantCulture);
            return new TakenObject(name, bytes[..header], bytes[header..], metadata);
        }

        public override Task PutBackAsync(TakenObject taken) => Blob(taken.Name).UploadAsync(
            new MemoryStream([.. taken.Header, .. taken.Payload]),
            new BlobUploadOptions { Metadata = new Dictionary<string, string>(taken.Metadata) });

        public override async Task<bool> ExistsAsync(string name) => await Blob(name).ExistsAsync();
    }
}
