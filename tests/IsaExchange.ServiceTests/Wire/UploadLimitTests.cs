using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Grpc.Core;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Wire;

/// <summary>What is too large, too slow or swollen is refused before it costs anything.</summary>
[Collection(WireTogether.Name)]
public sealed class UploadLimitTests(WireExchange northmere)
{
    const int MessageBytesMax = 1 << 20;

    static readonly byte[] Content = Slot.Unused.Table(500);

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    WireSender Police => northmere.Police;

    async Task<string> DeclaredAsync(long bytes)
    {
        var request = Police.Request(Slot.Unused);
        request.Submission.ExpectedSizeBytes = bytes;
        return (await Police.CreateAsync(request)).Name;
    }

    [Fact]
    public async Task MoreThanDeclared_IsRefused()
    {
        var name = await DeclaredAsync(Content.Length - 1);
        var problem = await Problem.OfAsync(() => Police.WriteAsync(WireSender.Messages(name, Content)));
        Assert.Equal("ResourceExhausted UPLOAD_TOO_LARGE", problem.ToString());
        Assert.Equal(0, (await Police.StatusAsync(name)).PersistedSize);
    }

    [Fact]
    public async Task LessThanDeclared_IsDataLoss()
    {
        var name = await DeclaredAsync(Content.Length + 1);
        var problem = await Problem.OfAsync(() => Police.WriteAsync(WireSender.Messages(name, Content)));
        Assert.Equal("DataLoss CHECKSUM_MISMATCH", problem.ToString());
        Assert.Equal(0, (await Police.StatusAsync(name)).PersistedSize);
    }

    [Fact]
    public async Task ExactlyAsDeclared_IsReady()
    {
        var name = await DeclaredAsync(Content.Length);
        Assert.Equal(Submission.Types.State.Ready,
            (await Police.WriteAsync(WireSender.Messages(name, Content))).Submission.State);
    }

    [Fact]
    public async Task OtherDigestThanDeclared_IsDataLoss()
    {
        var request = Police.Request(Slot.Unused);
        request.Submission.ExpectedSha256 = ByteString.CopyFrom(new byte[32]);
        var name = (await Police.CreateAsync(request)).Name;
        var problem = await Problem.OfAsync(() => Police.WriteAsync(WireSender.Messages(name, Content)));
        Assert.Equal("DataLoss CHECKSUM_MISMATCH", problem.ToString());
    }

    [Theory]
    [InlineData(-1, "InvalidArgument SIZE_NEGATIVE")]
    [InlineData(long.MinValue, "InvalidArgument SIZE_NEGATIVE")]
    [InlineData((2L << 30) + 1, "ResourceExhausted UPLOAD_TOO_LARGE")]
    [InlineData(long.MaxValue, "ResourceExhausted UPLOAD_TOO_LARGE")]
    public async Task SizeThatCannotBe_IsRefusedBeforeAnyByte(long bytes, string expected) =>
        Assert.Equal(expected, (await Problem.OfAsync(() => DeclaredAsync(bytes))).ToString());

    [Fact]
    public async Task MessageOfOneMebibyte_IsTaken()
    {
        var name = (await Police.CreateAsync(Slot.Unused)).Name;
        var content = Slot.Unused.Table(60_000);
        Assert.InRange(content.Length, MessageBytesMax, int.MaxValue);
        var sent = await Police.WriteAsync(WireSender.Messages(name, content, MessageBytesMax));
        Assert.Equal(Submission.Types.State.Ready, sent.Submission.State);
    }

    [Fact]
    public async Task MessageOfMoreThanOneMebibyte_IsRefused()
    {
        var name = (await Police.CreateAsync(Slot.Unused)).Name;
        var message = WireSender.Message(name, new byte[MessageBytesMax + 1], 0, MessageBytesMax + 1);
        await Problem.IsAsync("ResourceExhausted MESSAGE_TOO_LARGE", () => Police.WriteAsync(message));
        await Problem.IsAsync("ResourceExhausted MESSAGE_TOO_LARGE", () => Police.AppendAsync(message));
    }

    [Fact]
    public async Task MessageFarTooLarge_IsRefusedByTheWireItself()
    {
        var name = (await Police.CreateAsync(Slot.Unused)).Name;
        var message = WireSender.Message(name, new byte[8 << 20], 0, 8 << 20);
        var refused = await Assert.ThrowsAsync<RpcException>(() => Police.AppendAsync(message));
        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
    }

    [Theory]
    [InlineData("AppendContent")]
    [InlineData("WriteContent")]
    public async Task MessageThatSwellsWhenUnpacked_IsRefused(string rpc)
    {
        var name = (await Police.CreateAsync(Slot.Unused)).Name;

        var swollen = WireSender.Message(name, new byte[64 << 20], 0, 64 << 20).ToByteArray();
        Assert.Equal(StatusCode.ResourceExhausted, await SendPackedAsync(rpc, swollen));
        Assert.Equal(0, (await Police.StatusAsync(name)).PersistedSize);
    }

    [Fact]
    public async Task MessagePackedWithinTheLimit_IsTaken()
    {
        var name = (await Police.CreateAsync(Slot.Unused)).Name;
        var message = Assert.Single(WireSender.Messages(name, Content)).ToByteArray();
        Assert.Equal(StatusCode.OK, await SendPackedAsync("AppendContent", message));
        Assert.True((await Police.StatusAsync(name)).Complete);
    }

    /// <summary>One message packed by hand, so that it is certain what travels: 64 MiB of zeros are 64 KiB.</summary>
    async Task<StatusCode> SendPackedAsync(string rpc, byte[] message)
    {
        using var packed = new MemoryStream();
        packed.Write([1, 0, 0, 0, 0]);
        await using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            await gzip.WriteAsync(message, Stop);
        Assert.InRange(packed.Length, 1, MessageBytesMax / 2);
        BinaryPrimitives.WriteInt32BigEndian(packed.GetBuffer().AsSpan(1), (int)packed.Length - 5);
        using var http = northmere.Exchange.Http(Northmere.PoliceSender);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/isaexchange.v1.SubmissionService/{rpc}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(packed.ToArray()),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.Add("te", "trailers");
        request.Headers.Add("grpc-encoding", "gzip");
        using var answer = await http.SendAsync(request, Stop);
        await answer.Content.ReadAsByteArrayAsync(Stop);
        var status = answer.TrailingHeaders.TryGetValues("grpc-status", out var trailer)
            ? trailer
            : answer.Headers.GetValues("grpc-status");
        return (StatusCode)int.Parse(status.Single(), CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task StreamThatFallsSilent_IsEndedAndWhatIsDurableStays()
    {
        var problem = await Problem.OfAsync(() => northmere.SilentAnswer);
        Assert.Equal("DeadlineExceeded UPLOAD_IDLE", problem.ToString());
        var west = new WireSender(northmere.Submissions(Northmere.WestSender), Northmere.WestAdmissions);
        Assert.Equal(64 << 10, (await west.StatusAsync(northmere.SilentUpload)).PersistedSize);
    }
}

/// <summary>An exchange whose operator allows datasets of a thousand bytes.</summary>
public sealed class SmallDatasetExchange : NorthmereExchange
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Exchange.KillAsync();
        var settings = Path.Combine(Exchange.Home, "settings.json");
        var json = System.Text.Json.Nodes.JsonNode.Parse(await File.ReadAllTextAsync(settings))!;
        json["dataset_bytes_max"] = 1000;
        await File.WriteAllTextAsync(settings, json.ToJsonString());
        await Exchange.ServeAsync();
    }
}

public sealed class DatasetSizeTests(SmallDatasetExchange northmere) : IClassFixture<SmallDatasetExchange>
{
    [Fact]
    public async Task DatasetLargerThanTheExchangeTakes_IsRefusedWhetherDeclaredOrNot()
    {
        var police = northmere.Police;
        var content = Slot.Unused.Table(100);
        Assert.InRange(content.Length, 1001, int.MaxValue);
        var declared = police.Request(Slot.Unused);
        declared.Submission.ExpectedSizeBytes = content.Length;
        await Problem.IsAsync("ResourceExhausted UPLOAD_TOO_LARGE", () => police.CreateAsync(declared));

        var name = (await police.CreateAsync(Slot.Unused)).Name;
        var problem = await Problem.OfAsync(() => police.WriteAsync(WireSender.Messages(name, content, 100)));
        Assert.Equal("ResourceExhausted UPLOAD_TOO_LARGE", problem.ToString());
        Assert.Contains("1000 bytes", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DatasetThatFits_IsReady()
    {
        var sent = await northmere.Police.SendAsync(northmere.Police.Request(Slot.Unused), Slot.Unused.Table(10));
        Assert.Equal(Submission.Types.State.Ready, sent.State);
    }
}
