using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace IsaExchange.ServiceTests.Harness;

/// <summary>Takes the traces and metrics of a service (OTLP over HTTP, protobuf) and keeps their bytes.</summary>
public sealed class OtlpSink : IDisposable
{
    readonly HttpListener _listener = new();
    readonly ConcurrentQueue<(string Path, byte[] Body)> _taken = new();

    public OtlpSink()
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Endpoint = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}";
        }

        _listener.Prefixes.Add(Endpoint + "/");
        _listener.Start();
        _ = TakeAsync();
    }

    public string Endpoint { get; }

    /// <summary>What makes a service send here, and often.</summary>
    public Dictionary<string, string> Environment => new(StringComparer.Ordinal)
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Endpoint,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
    };

    /// <summary>All that came to <c>/v1/traces</c> or <c>/v1/metrics</c>.</summary>
    public byte[] Taken(string path) => [.. _taken.Where(t => t.Path == path).SelectMany(t => t.Body)];

    async Task TakeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                _taken.Enqueue((context.Request.Url!.AbsolutePath, body.ToArray()));
                context.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
        {
            // Disposed.
        }
    }

    public void Dispose() => _listener.Close();
}
