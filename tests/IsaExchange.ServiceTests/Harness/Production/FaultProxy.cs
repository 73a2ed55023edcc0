using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Logging;

namespace IsaExchange.ServiceTests.Harness.Production;

/// <summary>What the way to a server does to one call.</summary>
public abstract record WireFault
{
    /// <summary>An answer of its own; the server never hears of the call.</summary>
    public sealed record Status(int Code, int? RetryAfterSeconds = null) : WireFault;

    /// <summary>The connection breaks before the server hears of the call.</summary>
    public sealed record Reset : WireFault;

    /// <summary>The server does its work, and its answer is lost.</summary>
    public sealed record AnswerLost : WireFault;

    /// <summary>The answer ends after so many bytes of its body.</summary>
    public sealed record Cut(long Bytes) : WireFault;

    /// <summary>One bit of the answer's body is another.</summary>
    public sealed record Flip(long Position) : WireFault;

    /// <summary>The call waits before it goes on.</summary>
    public sealed record Stall(TimeSpan For) : WireFault;
}

/// <summary>
/// Stands on loopback between a program and an HTTPS server, and does to each call what its rule says. Every call and
/// every fault is counted.
/// </summary>
public sealed class FaultProxy : IAsyncDisposable
{
    static readonly HashSet<string> HopByHop = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Transfer-Encoding", "Host", "Upgrade", "Expect",
    };

    readonly HttpMessageInvoker _onward;
    readonly Uri _target;
    WebApplication? _app;
    long _calls;
    long _faults;

    FaultProxy(TestAuthority authority, Uri target)
    {
        _target = target;
        var handler = authority.TrustingHandler();
        handler.AllowAutoRedirect = false;
        handler.UseProxy = false;
        _onward = new HttpMessageInvoker(handler);
    }

    /// <summary>Asked of every call; null lets it pass.</summary>
    public Func<HttpRequest, WireFault?> Rule { get; set; } = static _ => null;

    public long Calls => Interlocked.Read(ref _calls);

    public long Faults => Interlocked.Read(ref _faults);

    /// <summary>The target's address with this proxy in place of its host and port.</summary>
    public Uri Address => new UriBuilder(_target) { Host = "127.0.0.1", Port = new Uri(_app!.Urls.First()).Port }.Uri;

    public static async Task<FaultProxy> StartAsync(TestAuthority authority, Uri target)
    {
        var proxy = new FaultProxy(authority, target);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(authority.IssueServer()));
        });
        proxy._app = builder.Build();
        proxy._app.Run(proxy.PassAsync);
        await proxy._app.StartAsync();
        return proxy;
    }

    async Task PassAsync(HttpContext context)
    {
        Interlocked.Increment(ref _calls);
        var fault = Rule(context.Request);
        if (fault is not null)
            Interlocked.Increment(ref _faults);
        switch (fault)
        {
            case WireFault.Status status:
                await AnswerAsync(context, status);
                return;
            case WireFault.Reset:
                context.Abort();
                return;
            case WireFault.Stall stall:
                await Task.Delay(stall.For, context.RequestAborted);
                break;
        }

        using var request = Onward(context.Request);
        using var response = await _onward.SendAsync(request, context.RequestAborted);
        if (fault is WireFault.AnswerLost)
        {
            // All of the answer was there: what the server does is done.
            await response.Content.CopyToAsync(Stream.Null);
            context.Abort();
            return;
        }

        await AnswerAsync(context, response, fault);
    }

    HttpRequestMessage Onward(HttpRequest from)
    {
        var path = new Uri(from.GetEncodedUrl()).PathAndQuery;
        var request = new HttpRequestMessage(new HttpMethod(from.Method), new Uri(_target, path))
        {
            Version = HttpVersion.Version11,
        };
        if (from.ContentLength > 0 || from.Headers.ContainsKey("Transfer-Encoding"))
            request.Content = new StreamContent(from.Body);
        else if (from.ContentLength == 0)
            request.Content = new ByteArrayContent([]);
        foreach (var (name, values) in from.Headers)
        {
            if (!HopByHop.Contains(name) && !request.Headers.TryAddWithoutValidation(name, values.ToArray()))
                request.Content?.Headers.TryAddWithoutValidation(name, values.ToArray());
        }

        return request;
    }

    static async Task AnswerAsync(HttpContext context, WireFault.Status status)
    {
        context.Response.StatusCode = status.Code;
        if (status.RetryAfterSeconds is { } seconds)
            context.Response.Headers.RetryAfter = $"{seconds}";
        await context.Response.CompleteAsync();
    }

    static async Task AnswerAsync(HttpContext context, HttpResponseMessage answer, WireFault? fault)
    {
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
        {
            if (!HopByHop.Contains(name))
                context.Response.Headers[name] = values.ToArray();
        }

        if (HttpMethods.IsHead(context.Request.Method) || answer.StatusCode is HttpStatusCode.NoContent
            or HttpStatusCode.NotModified)
            return;
        var body = await answer.Content.ReadAsByteArrayAsync(context.RequestAborted);
        if (fault is WireFault.Flip flip && flip.Position < body.Length)
            body[flip.Position] ^= 1;
        if (fault is not WireFault.Cut cut || cut.Bytes >= body.Length)
        {
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
            return;
        }

        await context.Response.Body.WriteAsync(body.AsMemory(0, (int)cut.Bytes), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        context.Abort();
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        _onward.Dispose();
    }
}
