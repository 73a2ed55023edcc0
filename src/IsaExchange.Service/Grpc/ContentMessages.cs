using System.Buffers;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Grpc.Core;
using IsaExchange.V1;

namespace IsaExchange.Service.Grpc;

/// <summary>
/// Reads the messages of an upload with their content in buffers of a pool: by itself the library makes an array for
/// each, which at the rate of a disk is all that the collector is busy with.
/// </summary>
static class ContentMessages
{
    const uint DataTag = ((uint)WriteContentRequest.DataFieldNumber << 3)
        | (uint)WireFormat.WireType.LengthDelimited;

    // All the other fields together; their names and digests are far shorter.
    const int RestMax = 4 << 10;

    // Content is somebody's records before they are sealed. Clearing a buffer would cost as much as filling it, so it
    // goes back as it is: to a pool that only these messages rent from, where other content is all that follows it.
    static readonly ArrayPool<byte> s_contents = ArrayPool<byte>.Create(
        maxArrayLength: 2 << 20, maxArraysPerBucket: 16);

    static readonly Marshaller<WriteContentRequest> s_marshaller = Marshallers.Create(
        static (message, context) =>
        {
            context.SetPayloadLength(message.CalculateSize());
            message.WriteTo(context.GetBufferWriter());
            context.Complete();
        },
        static context => Read(context.PayloadAsReadOnlySequence()));

    /// <summary>The same method, its messages read in this way.</summary>
    public static Method<WriteContentRequest, TResponse> Pooled<TResponse>(
        Method<WriteContentRequest, TResponse> method) =>
        new(method.Type, method.ServiceName, method.Name, s_marshaller, method.ResponseMarshaller);

    /// <summary>
    /// The message holds its content in a buffer of the pool until <see cref="Release"/>. One that is never released is
    /// left to the collector.
    /// </summary>
    /// <exception cref="InvalidProtocolBufferException">Not a message of this kind.</exception>
    public static WriteContentRequest Read(ReadOnlySequence<byte> message)
    {
        if (!TryFindData(message, out var data, out var before, out var after))
        {
            var read = WriteContentRequest.Parser.ParseFrom(message);
            read.Data = Pooled(new ReadOnlySequence<byte>(read.Data.Memory));
            return read;
        }

        Span<byte> rest = stackalloc byte[RestMax];
        before.CopyTo(rest);
        after.CopyTo(rest[(int)before.Length..]);
        var request = WriteContentRequest.Parser.ParseFrom(rest[..(int)(before.Length + after.Length)]);
        request.Data = Pooled(data);
        return request;
    }

    static ByteString Pooled(ReadOnlySequence<byte> data)
    {
        if (data.IsEmpty)
            return ByteString.Empty;
        var buffer = s_contents.Rent((int)data.Length);
        data.CopyTo(buffer);
        return UnsafeByteOperations.UnsafeWrap(buffer.AsMemory(0, (int)data.Length));
    }

    /// <summary>Gives the buffer back: nobody may look at the content any more.</summary>
    public static void Release(WriteContentRequest message)
    {
        var content = message.Data;
        message.Data = ByteString.Empty;
        if (!content.IsEmpty && MemoryMarshal.TryGetArray(content.Memory, out var buffer))
            s_contents.Return(buffer.Array!);
    }

    /// <summary>False where the message has no content, more than one, or is not what senders of ours write: then the
    /// library reads it, or says what is wrong with it.</summary>
    static bool TryFindData(
        ReadOnlySequence<byte> message, out ReadOnlySequence<byte> data, out ReadOnlySequence<byte> before,
        out ReadOnlySequence<byte> after)
    {
        (data, before, after) = (default, default, default);
        var reader = new SequenceReader<byte>(message);
        while (!reader.End)
        {
            var field = reader.Consumed;
            if (!TryReadVarint(ref reader, out var tag) || !TryReadLength(ref reader, (uint)tag, out var length)
                || length > (ulong)reader.Remaining)
                return false;
            if (tag == DataTag)
            {
                if (!data.IsEmpty || length == 0)
                    return false;
                data = message.Slice(reader.Consumed, (long)length);
                before = message.Slice(0, field);
                after = message.Slice(reader.Consumed + (long)length);
            }

            reader.Advance((long)length);
        }

        return !data.IsEmpty && before.Length + after.Length <= RestMax;
    }

    /// <summary>Bytes that the value of a field takes from here on.</summary>
    static bool TryReadLength(ref SequenceReader<byte> reader, uint tag, out ulong length)
    {
        length = 0;
        switch ((WireFormat.WireType)(tag & 7))
        {
            case WireFormat.WireType.Varint:
                return TryReadVarint(ref reader, out _);
            case WireFormat.WireType.Fixed32:
                length = sizeof(uint);
                return true;
            case WireFormat.WireType.Fixed64:
                length = sizeof(ulong);
                return true;
            case WireFormat.WireType.LengthDelimited:
                return TryReadVarint(ref reader, out length);
            default:
                return false;
        }
    }

    static bool TryReadVarint(ref SequenceReader<byte> reader, out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (!reader.TryRead(out var b))
                return false;
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
                return true;
        }

        return false;
    }
}
