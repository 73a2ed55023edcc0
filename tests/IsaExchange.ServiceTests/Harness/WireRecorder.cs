using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace IsaExchange.ServiceTests.Harness;

/// <summary>Keeps every byte that answers bring: headers, messages, trailers.</summary>
public sealed class WireRecorder
{
    readonly ConcurrentQueue<byte[]> _seen = new();

    public byte[] Seen => [.. _seen.SelectMany(s => s)];

    /// <summary>For <see cref="TestExchange.Around"/>.</summary>
    public HttpMessageHandler Around(HttpMessageHandler inner) => new Recording(inner, this);

    void Keep(ReadOnlySpan<byte> bytes) => _seen.Enqueue(bytes.ToArray());

    void Keep(IEnumerable<KeyValuePair<string, IEnumerable<string>>> headers)
    {
        foreach (var (name, values) in headers)
            Keep(Encoding.UTF8.GetBytes($"{name}: {string.Join(' ', values)}\n"));
    }

    sealed class Recording(HttpMessageHandler inner, WireRecorder recorder) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            recorder.Keep(response.Headers);
            response.Content = new RecordedContent(response, recorder);
            return response;
        }
    }

    sealed class RecordedContent : HttpContent
    {
        readonly HttpResponseMessage _response;
        readonly HttpContent _content;
        readonly WireRecorder _recorder;

        public RecordedContent(HttpResponseMessage response, WireRecorder recorder)
        {
            (_response, _content, _recorder) = (response, response.Content, recorder);
            foreach (var (name, values) in _content.Headers)
                Headers.TryAddWithoutValidation(name, values);
        }

        protected override async Task<Stream> CreateContentReadStreamAsync()
        {
            var content = await _content.ReadAsStreamAsync();
            return new RecordedStream(content, _recorder, () => _recorder.Keep(_response.TrailingHeaders));
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            throw new NotSupportedException();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    sealed class RecordedStream(Stream inner, WireRecorder recorder, Action ended) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = await inner.ReadAsync(buffer, cancellationToken);
            recorder.Keep(buffer.Span[..count]);
            if (count == 0)
                ended();
            return count;
        }

        public override Task<int> ReadAsync(
            byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
