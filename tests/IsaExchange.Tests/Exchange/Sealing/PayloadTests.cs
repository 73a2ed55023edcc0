using System.Buffers;
using IsaExchange.Exchange.Sealing;
using Xunit;

namespace IsaExchange.Tests.Exchange.Sealing;

public sealed class PayloadTests : IDisposable
{
    const int Chunk = PayloadSealer.ChunkSize;
    const int Sealed = PayloadSealer.SealedChunkSize;
    const int Nonce = PayloadSealer.NonceSize;

    readonly FileKey key = FileKey.Generate();

    public static TheoryData<int> Sizes =>
        [0, 1, 15, 16, 17, Chunk - 1, Chunk, Chunk + 1, (2 * Chunk) - 1, 2 * Chunk, (2 * Chunk) + 1, 5 * Chunk];

    public void Dispose() => key.Dispose();

    [Theory]
    [MemberData(nameof(Sizes))]
    public void AnyPieces_SealToTheSpecifiedLengthAndOpenAgain(int size)
    {
        var plaintext = SealedSample.Plaintext(size);
        var random = new Random(size + 1);
        using var sealer = new PayloadSealer(key);
        var output = new ArrayBufferWriter<byte>();
        for (var at = 0; at < size;)
        {
            var piece = Math.Min(random.Next(1, 100_000), size - at);
            sealer.Write(plaintext.AsSpan(at, piece), output);
            at += piece;
            Assert.Equal(0, sealer.PlaintextSealed % Chunk);
            Assert.Equal(at, sealer.PlaintextSealed + sealer.Pending.Length);
            Assert.InRange(sealer.Pending.Length, 1, Chunk);
            Assert.Equal(Nonce + (sealer.PlaintextSealed / Chunk * Sealed), output.WrittenCount);
        }

        sealer.Finish(output);
        var chunks = Math.Max(1, (size + Chunk - 1) / Chunk);
        Assert.Equal(Nonce + size + (chunks * 16), output.WrittenCount);
        Assert.Equal(size, sealer.PlaintextSealed);
        Assert.Equal(plaintext, SealedSample.OpenPayload(output.WrittenSpan.ToArray(), key));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task SourceThatTricklesBytes_GivesTheSamePlaintext(int size)
    {
        var plaintext = SealedSample.Plaintext(size);
        await using var stream = PayloadOpener.OpenStream(new Trickle(SealedSample.SealPayload(key, plaintext)), key);
        using var opened = new MemoryStream();
        await stream.CopyToAsync(opened, SealedSample.Ct);
        Assert.Equal(plaintext, opened.ToArray());
    }

    [Fact]
    public void WriteAfterFinish_IsABug()
    {
        using var sealer = new PayloadSealer(key);
        var output = new ArrayBufferWriter<byte>();
        sealer.Finish(output);
        Assert.Throws<InvalidOperationException>(() => sealer.Finish(output));
        Assert.Throws<InvalidOperationException>(() => sealer.Write([1], output));
    }

    [Fact]
    public void SameKeyAndPlaintextTwice_DifferInEveryChunk()
    {
        var plaintext = new byte[100];
        Assert.NotEqual(SealedSample.SealPayload(key, plaintext), SealedSample.SealPayload(key, plaintext));
    }

    [Fact]
    public void FlippedBytes_AllRefused()
    {
        var payload = SealedSample.SealPayload(key, SealedSample.Plaintext((2 * Chunk) + 1000));
        // Every byte of the nonce, around every chunk border and of the last tag; a sample between.
        var near = Enumerable.Range(0, payload.Length).Where(at =>
            at < 64 || at >= payload.Length - 64 || (at - Nonce) % Sealed is < 24 or > Sealed - 24 || at % 997 == 0);
        var (attempted, refused) = (0, 0);
        foreach (var at in near)
        {
            payload[at] ^= 0x01;
            attempted++;
            refused += IsRefused(payload) ? 1 : 0;
            payload[at] ^= 0x01;
        }

        Assert.True(attempted > 300);
        Assert.Equal(attempted, refused);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Chunk)]
    [InlineData((2 * Chunk) + 40)]
    [InlineData(3 * Chunk)]
    public void TruncatedPayload_EveryClassRefused(int size)
    {
        var payload = SealedSample.SealPayload(key, SealedSample.Plaintext(size));
        var lengths = new SortedSet<int>(Enumerable.Range(0, Math.Min(payload.Length, 80)));
        for (var border = Nonce; border <= payload.Length; border += Sealed)
            lengths.UnionWith(Enumerable.Range(border - 20, 40));
        lengths.UnionWith(Enumerable.Range(payload.Length - 40, 40));
        lengths.RemoveWhere(length => length < 0 || length >= payload.Length);
        foreach (var length in lengths)
            Assert.True(IsRefused(payload[..length]), $"{length} bytes of {payload.Length} were accepted");
    }

    [Fact]
    public void ChunksSwappedDroppedRepeatedOrAppended_AllRefused()
    {
        var payload = SealedSample.SealPayload(key, SealedSample.Plaintext((3 * Chunk) + 7));
        byte[] nonce = payload[..Nonce], last = payload[(Nonce + (3 * Sealed))..];
        byte[] a = Part(0), b = Part(1), c = Part(2);
        byte[][] attempts =
        [
            [.. nonce, .. b, .. a, .. c, .. last],
            [.. nonce, .. a, .. c, .. b, .. last],
            [.. nonce, .. b, .. c, .. last],
            [.. nonce, .. a, .. b, .. last],
            [.. nonce, .. a, .. a, .. b, .. c, .. last],
            [.. nonce, .. a, .. b, .. c, .. last, .. last],
            [.. nonce, .. a, .. b, .. c, .. last, 0],
            [.. nonce, .. a, .. b, .. c, .. c, .. last],
            [.. nonce, .. a, .. b, .. c],
            [.. nonce, .. last],
            [.. a, .. b, .. c, .. last],
        ];
        Assert.Equal(attempts.Length, attempts.Count(IsRefused));
        Assert.False(IsRefused([.. nonce, .. a, .. b, .. c, .. last]));

        byte[] Part(int index) => payload.AsSpan(Nonce + (index * Sealed), Sealed).ToArray();
    }

    [Fact]
    public void TrailingBytesBehindAWholeFinalChunk_AreNamed()
    {
        var payload = SealedSample.SealPayload(key, SealedSample.Plaintext(Chunk));
        Assert.Equal(SealBreak.TrailingBytes, ReasonFor([.. payload, 0]));
    }

    [Fact]
    public void EmptyLastChunkBehindFullOnes_IsRefusedThoughAuthentic()
    {
        var nonce = new byte[Nonce];
        using var cipher = new PayloadCipher(key, nonce);
        var payload = new byte[Nonce + Sealed + 16];
        cipher.Seal(new byte[Chunk], final: false, payload.AsSpan(Nonce, Sealed));
        cipher.Seal([], final: true, payload.AsSpan(Nonce + Sealed));
        Assert.Equal(SealBreak.EmptyLastChunk, ReasonFor(payload));
    }

    [Fact]
    public void OtherFileKey_IsRefused()
    {
        using var other = FileKey.Generate();
        var payload = SealedSample.SealPayload(other, [1, 2, 3]);
        Assert.Equal(SealBreak.ChunkAltered, ReasonFor(payload));
    }

    [Fact]
    public void RefusedOnce_EveryFurtherReadRefuses()
    {
        var payload = SealedSample.SealPayload(key, [1, 2, 3]);
        using var stream = PayloadOpener.OpenStream(new MemoryStream(payload[..^1]), key);
        var buffer = new byte[10];
        for (var attempt = 0; attempt < 3; attempt++)
            Assert.Throws<SealBrokenException>(() => stream.Read(buffer));
        Assert.Equal(new byte[10], buffer);
    }

    [Fact]
    public async Task HeaderOfOneObjectOnThePayloadOfAnother_IsRefused()
    {
        using var sample = new SealedSample();
        using var other = FileKey.Generate();
        var header = await sample.HeaderAsync("a", key);
        var payload = SealedSample.SealPayload(other, [1, 2, 3]);
        await Assert.ThrowsAsync<SealBrokenException>(() => sample.OpenAsync(header, payload, "a"));
    }

    [Theory]
    [InlineData((3 * Chunk) + 5, 0, 3)]
    [InlineData((3 * Chunk) + 5, 5 + 16, 3)]
    [InlineData((3 * Chunk) + 5, 5 + 16 + 1, 2)]
    [InlineData((3 * Chunk) + 5, 5 + 16 + Sealed, 2)]
    [InlineData(3 * Chunk, 0, 2)]
    [InlineData(10, 0, 0)]
    [InlineData(10, 26, 0)]
    [InlineData(10, 40, 0)]
    public async Task TornPayload_ReplaysItsWholeChunksAndStopsQuietly(int size, int cut, int chunks)
    {
        var plaintext = SealedSample.Plaintext(size);
        var replayed = await ReplayAsync(SealedSample.SealPayload(key, plaintext)[..^cut]);
        Assert.Equal(plaintext[..(chunks * Chunk)], replayed);
    }

    [Fact]
    public async Task TornPayloadWithABadChunk_ReplaysUpToIt()
    {
        var plaintext = SealedSample.Plaintext(4 * Chunk);
        var payload = SealedSample.SealPayload(key, plaintext);
        payload[Nonce + (2 * Sealed) + 9] ^= 1;
        Assert.Equal(plaintext[..(2 * Chunk)], await ReplayAsync(payload));
    }

    async Task<byte[]> ReplayAsync(byte[] payload)
    {
        using var replayed = new MemoryStream();
        await foreach (var chunk in PayloadOpener.OpenDurableChunksAsync(new Trickle(payload), key, SealedSample.Ct))
            replayed.Write(chunk.Span);
        return replayed.ToArray();
    }

    SealBreak ReasonFor(byte[] payload) =>
        Assert.Throws<SealBrokenException>(() => SealedSample.OpenPayload(payload, key)).Reason;

    bool IsRefused(byte[] payload)
    {
        try
        {
            SealedSample.OpenPayload(payload, key);
            return false;
        }
        catch (SealBrokenException)
        {
            return true;
        }
    }

    /// <summary>Gives at most 1,000 bytes a read, as a network does.</summary>
    sealed class Trickle(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 1000)]);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, 1000)], cancellationToken);
    }
}
