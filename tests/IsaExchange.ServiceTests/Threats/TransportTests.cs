using System.Net.Sockets;
using System.Security.Cryptography;
using Xunit;

namespace IsaExchange.ServiceTests.Threats;

/// <summary>What is spoken on the port: HTTP/2 in TLS 1.2 or 1.3, and nothing else.</summary>
[Collection(ThreatsTogether.Name)]
public sealed class TransportTests(ThreatsExchange northmere)
{
    const byte HandshakeRecord = 0x16;
    const int Tls10 = 0x0301;
    const int Tls11 = 0x0302;
    const int Tls12 = 0x0303;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Sends the bytes and reads what comes first: empty when the peer hangs up instead.</summary>
    async Task<byte[]> FirstAnswerAsync(byte[] sent)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", northmere.Exchange.Port, Stop);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        var stream = socket.GetStream();
        await stream.WriteAsync(sent, patience.Token);
        var answer = new byte[1024];
        try
        {
            return answer[..await stream.ReadAsync(answer, patience.Token)];
        }
        catch (IOException)
        {
            return [];
        }
    }

    [Fact]
    public async Task Tls12_IsAnswered() =>
        Assert.Equal(HandshakeRecord, (await FirstAnswerAsync(ClientHello(Tls12)))[0]);

    [Theory]
    [InlineData(Tls10)]
    [InlineData(Tls11)]
    public async Task OlderTls_IsRefused(int version) =>
        Assert.NotEqual(HandshakeRecord, (await FirstAnswerAsync(ClientHello(version))).FirstOrDefault());

    [Fact]
    public async Task PlaintextHttp2_IsRefused()
    {
        byte[] preface = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, 0, 0, 0, 4, 0, 0, 0, 0, 0];
        var answer = await FirstAnswerAsync(preface);

        // The first frame of an HTTP/2 server is SETTINGS: three bytes of length, then its type.
        Assert.False(answer is [0, _, _, 4, ..], "the port speaks HTTP/2 without TLS");
    }

    [Fact]
    public async Task PlaintextHttp1_IsRefused()
    {
        var answer = await FirstAnswerAsync([.. "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8]);
        Assert.False(answer.AsSpan().StartsWith("HTTP/"u8), "the port speaks HTTP without TLS");
    }

    /// <summary>A hello that offers one version at most (RFC 5246 7.4.1.2), with what a P-256 server needs.</summary>
    static byte[] ClientHello(int version)
    {
        byte[] suites = [0xC0, 0x2B, 0xC0, 0x2F, 0xC0, 0x09, 0xC0, 0x0A, 0xC0, 0x13, 0xC0, 0x14, 0x00, 0x2F];
        byte[] extensions =
        [
            0x00, 0x0A, 0x00, 0x04, 0x00, 0x02, 0x00, 0x17, // groups: secp256r1
            0x00, 0x0B, 0x00, 0x02, 0x01, 0x00, // points: uncompressed
            0x00, 0x0D, 0x00, 0x08, 0x00, 0x06, 0x04, 0x03, 0x08, 0x04, 0x02, 0x03, // signatures
            0x00, 0x10, 0x00, 0x05, 0x00, 0x03, 0x02, (byte)'h', (byte)'2', // ALPN: h2
        ];
        byte[] body =
        [
            .. Number(version), .. RandomNumberGenerator.GetBytes(32), 0x00,
            .. Number(suites.Length), .. suites, 0x01, 0x00, .. Number(extensions.Length), .. extensions,
        ];
        return [HandshakeRecord, .. Number(Tls10), .. Number(body.Length + 4), 0x01, 0x00, .. Number(body.Length),
            .. body];
    }

    static byte[] Number(int value) => [(byte)(value >> 8), (byte)value];
}
