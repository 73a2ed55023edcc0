using System.Buffers;
using System.Runtime.InteropServices;
using Google.Protobuf;
using IsaExchange.Service.Grpc;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Wire;

/// <summary>How the messages of an upload are read, against the library that reads all others.</summary>
public sealed class ContentMessagesTests
{
    const int UnknownField = 99;

    readonly Random _random = new(20261123);

    [Fact]
    public void Messages_InPiecesOfAnyLength_AreWhatTheLibraryReads()
    {
        for (var round = 0; round < 500; round++)
        {
            var bytes = Message().ToByteArray();
            var read = ContentMessages.Read(Pieces(bytes));
            Assert.Equal(WriteContentRequest.Parser.ParseFrom(bytes), read);
            ContentMessages.Release(read);
        }
    }

    [Theory]
    [InlineData("content twice: the last one counts")]
    [InlineData("content in front of its name")]
    [InlineData("a field of a later version")]
    [InlineData("a name of many bytes")]
    [InlineData("an empty content")]
    [InlineData("nothing at all")]
    public void UnusualMessages_AreWhatTheLibraryReads(string shape)
    {
        var bytes = Unusual(shape);
        var read = ContentMessages.Read(Pieces(bytes));
        Assert.Equal(WriteContentRequest.Parser.ParseFrom(bytes), read);
        ContentMessages.Release(read);
        Assert.True(read.Data.IsEmpty);
    }

    [Fact]
    public void DamagedMessages_AreRefusedExactlyWhereTheLibraryRefusesThem()
    {
        var refused = 0;
        for (var round = 0; round < 2_000; round++)
        {
            var bytes = Message().ToByteArray();
            if (bytes.Length == 0)
                continue;
            bytes[_random.Next(Math.Min(bytes.Length, 60))] ^= (byte)(1 << _random.Next(8));
            var cut = bytes[..(bytes.Length - (_random.Next(3) == 0 ? _random.Next(bytes.Length) : 0))];
            WriteContentRequest expected;
            try
            {
                expected = WriteContentRequest.Parser.ParseFrom(cut);
            }
            catch (InvalidProtocolBufferException)
            {
                refused++;
                Assert.Throws<InvalidProtocolBufferException>(() => ContentMessages.Read(Pieces(cut)));
                continue;
            }

            var read = ContentMessages.Read(Pieces(cut));
            Assert.Equal(expected, read);
            ContentMessages.Release(read);
        }

        Assert.InRange(refused, 200, 1_900);
    }

    [Fact]
    public void ManyMessages_TakeTheirContentFromThePool()
    {
        var bytes = new ReadOnlySequence<byte>(
            new WriteContentRequest { Data = ByteString.CopyFrom(new byte[256 << 10]) }.ToByteArray());
        ContentMessages.Release(ContentMessages.Read(bytes));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            ContentMessages.Release(ContentMessages.Read(bytes));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100 * 1024);
    }

    [Fact]
    public void ReleasedContent_IsRentedByNobodyElse()
    {
        var read = ContentMessages.Read(new ReadOnlySequence<byte>(
            new WriteContentRequest { Data = ByteString.CopyFrom(new byte[100_000]) }.ToByteArray()));
        Assert.True(MemoryMarshal.TryGetArray(read.Data.Memory, out var held));
        ContentMessages.Release(read);
        for (var i = 0; i < 20; i++)
            Assert.NotSame(held.Array, ArrayPool<byte>.Shared.Rent(100_000));
    }

    WriteContentRequest Message()
    {
        var content = new byte[_random.Next(4) == 0 ? 0 : _random.Next(20_000)];
        _random.NextBytes(content);
        return new WriteContentRequest
        {
            Name = _random.Next(2) == 0 ? "" : "agreements/northmere/parties/police",
            WriteOffset = _random.NextInt64(),
            Data = ByteString.CopyFrom(content),
            Crc32C = (uint)_random.NextInt64(uint.MaxValue),
            FinishWrite = _random.Next(2) == 0,
            ContentSha256 = _random.Next(2) == 0 ? ByteString.Empty : ByteString.CopyFrom(new byte[32]),
        };
    }

    static byte[] Unusual(string shape)
    {
        var one = new WriteContentRequest { Data = ByteString.CopyFromUtf8("first") }.ToByteArray();
        var other = new WriteContentRequest { Name = "name", Data = ByteString.CopyFromUtf8("second") };
        switch (shape)
        {
            case "content twice: the last one counts":
                return [.. one, .. other.ToByteArray()];
            case "content in front of its name":
                return [.. one, .. new WriteContentRequest { Name = "name" }.ToByteArray()];
            case "a field of a later version":
                return [.. one, .. UnknownText(), .. new WriteContentRequest { FinishWrite = true }.ToByteArray()];
            case "a name of many bytes":
                return new WriteContentRequest { Name = new string('n', 9_000), Data = other.Data }.ToByteArray();
            case "an empty content":
                return [.. new WriteContentRequest { Name = "name" }.ToByteArray(), 0x1A, 0];
            default:
                return [];
        }
    }

    static byte[] UnknownText()
    {
        using var bytes = new MemoryStream();
        using var output = new CodedOutputStream(bytes);
        output.WriteTag(UnknownField, WireFormat.WireType.LengthDelimited);
        output.WriteString("of a sender newer than we are");
        output.Flush();
        return bytes.ToArray();
    }

    ReadOnlySequence<byte> Pieces(byte[] bytes)
    {
        var first = new Piece(ReadOnlyMemory<byte>.Empty, 0);
        var last = first;
        for (var at = 0; at < bytes.Length;)
        {
            var length = Math.Min(bytes.Length - at, 1 + _random.Next(_random.Next(2) == 0 ? 4 : 5_000));
            last = last.Followed(bytes.AsMemory(at, length));
            at += length;
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> bytes, long from) => (Memory, RunningIndex) = (bytes, from);

        public Piece Followed(ReadOnlyMemory<byte> bytes)
        {
            var next = new Piece(bytes, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
