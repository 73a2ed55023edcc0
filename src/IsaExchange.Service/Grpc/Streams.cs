using Google.Protobuf;

namespace IsaExchange.Service.Grpc;

/// <summary>Sends a stream of bytes as messages.</summary>
static class Streams
{
    public static async Task CopyAsync(
        Stream content, int messageBytes, Func<ByteString, Task> send, CancellationToken ct)
    {
        while (true)
        {
            // A message owns its bytes until it has left, so each gets a buffer of its own.
            var buffer = new byte[messageBytes];
            var read = await content.ReadAtLeastAsync(buffer, messageBytes, throwOnEndOfStream: false, ct);
            if (read > 0)
                await send(UnsafeByteOperations.UnsafeWrap(buffer.AsMemory(0, read)));
            if (read < messageBytes)
                return;
        }
    }
}
