using System.Net;
using System.Text;
using IsaExchange.Service.Adapters.Blobs;
using IsaExchange.Service.Hosting;
using IsaExchange.Service.Resilience;
using IsaExchange.ServiceTests.Harness.Production;
using Xunit;

namespace IsaExchange.ServiceTests.Objects;

/// <summary>Against a stand-in that answers as accounts do whose settings the emulator does not have.</summary>
public sealed class BlobListingTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, "v", true)]
    [InlineData("v", null, false)]
    public async Task Versions_AreToldByTheNewestBlobOfAllContainers(string? older, string? newer, bool kept)
    {
        using var account = new AccountStandIn
        {
            Blobs =
            {
                ["a"] = [new("datasets/1", 2, older), new("datasets/2", 1, kept ? null : "v")],
                ["b"] = [new("datasets/3", 3, newer), new("datasets/4", 0, older)],
                ["c"] = [],
            },
        };
        var (_, versions) = await account.Store().RetentionAsync(Stop);
        Assert.Equal(kept, versions);
        Assert.Equal(kept ? Severity.Warning : Severity.Ok, Doctor.Versions(versions).Severity);
    }

    [Fact]
    public async Task VersionsWithoutABlob_AreNotKnown()
    {
        using var account = new AccountStandIn { Blobs = { ["a"] = [] } };
        Assert.Null((await account.Store().RetentionAsync(Stop)).Versions);

        // A folder is none, and neither is one that is gone when it is looked at.
        account.Blobs["a"] = [new("datasets", 9, "v") { IsFolder = true }];
        Assert.Null((await account.Store().RetentionAsync(Stop)).Versions);
        account.Blobs["a"] = [new("datasets/1", 9, "v") { IsGone = true }];
        Assert.Null((await account.Store().RetentionAsync(Stop)).Versions);
        Assert.Contains("no blob yet", Doctor.Versions(null).Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, true, "in the portal")]
    [InlineData(0, false, "keeps nothing")]
    [InlineData(7, false, "for 7 days")]
    public async Task SoftDeleteThatIsNotTold_IsAWarningThatSaysWhereToLook(int? days, bool warns, string said)
    {
        using var account = new AccountStandIn { SoftDeleteDays = days };
        var (softDelete, _) = await account.Store().RetentionAsync(Stop);
        var found = Doctor.SoftDelete(softDelete);
        Assert.Equal(warns ? Severity.Warning : Severity.Ok, found.Severity);
        Assert.Contains(said, found.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FoldersOfAHierarchicalNamespace_AreNoObjectsAndNotForeign()
    {
        using var account = new AccountStandIn();
        account.Blobs["exchange"] =
        [
            new("datasets", 1, null) { IsFolder = true }, new("Northmere", 1, null) { IsFolder = true },
            new("releases/northmere", 1, null) { IsFolder = true }, new("releases/northmere/recorded/1/a.csv", 1, null),

            // Whoever calls bytes a folder hides nothing.
            new("Planted", 1, null) { IsFolder = true, Length = 5 }, new("Left", 1, null),
        ];
        var store = account.Store();
        var foreign = await store.ListForeignAsync(Stop).ToListAsync(Stop);
        Assert.Equal(["Planted", "Left"], foreign.Select(name => name.Split('/')[^1]));
        Assert.Equal(
            ["releases/northmere/recorded/1/a.csv"],
            (await store.ListAsync("", Stop).ToListAsync(Stop)).Select(name => name.Value));
    }

    sealed record Listed(string Name, int Minute, string? Version)
    {
        public bool IsFolder { get; init; }

        public int Length { get; init; }

        /// <summary>Deleted after it was listed.</summary>
        public bool IsGone { get; init; }

        public string Modified => $"Mon, 23 Nov 2026 10:0{Minute}:00 GMT";

        public string Xml =>
            $"<Blob><Name>{Name}</Name><Properties><Last-Modified>{Modified}</Last-Modified><Etag>0x1</Etag>"
            + $"<Content-Length>{Length}</Content-Length><BlobType>BlockBlob</BlobType></Properties>"
            + (IsFolder ? "<Metadata><Hdi_isfolder>true</Hdi_isfolder></Metadata>" : "") + "</Blob>";
    }

    sealed class AccountStandIn : HttpMessageHandler
    {
        static readonly Uri Address = new("https://stand-in.test/");

        readonly BlobAccounts _account;

        public AccountStandIn() => _account = new BlobAccounts(Address, IdentityEndpoint.Credential, () => this);

        /// <summary>By the last word of their container's name.</summary>
        public Dictionary<string, List<Listed>> Blobs { get; } = new(StringComparer.Ordinal);

        /// <summary>Null refuses to say.</summary>
        public int? SoftDeleteDays { get; init; }

        public BlobObjectStore Store() =>
            _account.Store(inner => inner, Dependencies.Objects with { RetryFirst = TimeSpan.FromMilliseconds(1) });

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var container = request.RequestUri!.AbsolutePath.Trim('/').Split('/')[0];
            var blobs = Blobs.GetValueOrDefault(container.Split('-')[^1]) ?? [];
            return Task.FromResult((request.Method.Method, request.RequestUri.Query) switch
            {
                ("HEAD", _) => Head(blobs.Single(b => request.RequestUri.AbsolutePath.EndsWith(
                    "/" + b.Name, StringComparison.Ordinal))),
                (_, var asked) when asked.Contains("comp=properties", StringComparison.Ordinal) => Settings(),
                (_, var asked) when asked.Contains("restype=container", StringComparison.Ordinal) =>
                    Answer($"<Blobs>{string.Concat(blobs.Select(b => b.Xml))}</Blobs>"),
                _ => Answer($"<Containers>{string.Concat(Blobs.Keys.Select(Container))}</Containers>"),
            });
        }

        string Container(string name) =>
            $"<Container><Name>{_account.Prefix}-{name}</Name><Properties>"
            + "<Last-Modified>Mon, 23 Nov 2026 10:00:00 GMT</Last-Modified><Etag>0x1</Etag></Properties></Container>";

        HttpResponseMessage Settings() => SoftDeleteDays is { } days
            ? Xml(
                "<StorageServiceProperties><DeleteRetentionPolicy>"
                + (days == 0 ? "<Enabled>false</Enabled>" : $"<Enabled>true</Enabled><Days>{days}</Days>")
                + "</DeleteRetentionPolicy></StorageServiceProperties>")
            : Refused(HttpStatusCode.Forbidden, "AuthorizationPermissionMismatch");

        static HttpResponseMessage Head(Listed blob)
        {
            if (blob.IsGone)
                return Refused(HttpStatusCode.NotFound, "BlobNotFound");
            var answer = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent([]) };
            answer.Headers.TryAddWithoutValidation("x-ms-blob-type", "BlockBlob");
            answer.Headers.TryAddWithoutValidation("ETag", "\"0x1\"");
            answer.Content.Headers.TryAddWithoutValidation("Last-Modified", blob.Modified);
            if (blob.Version is { } version)
                answer.Headers.TryAddWithoutValidation("x-ms-version-id", version);
            return answer;
        }

        static HttpResponseMessage Answer(string inner) => Xml(
            $"<EnumerationResults ServiceEndpoint=\"{Address}\">{inner}<NextMarker /></EnumerationResults>");

        static HttpResponseMessage Xml(string xml) => new(HttpStatusCode.OK)
        {
            Content = new StringContent(
                "<?xml version=\"1.0\" encoding=\"utf-8\"?>" + xml, Encoding.UTF8, "application/xml"),
        };

        static HttpResponseMessage Refused(HttpStatusCode status, string code)
        {
            var answer = new HttpResponseMessage(status) { Content = new ByteArrayContent([]) };
            answer.Headers.Add("x-ms-error-code", code);
            return answer;
        }
    }
}
