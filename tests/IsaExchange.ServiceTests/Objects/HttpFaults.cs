using System.Net;

namespace IsaExchange.ServiceTests.Objects;

/// <summary>What goes wrong with one request.</summary>
enum HttpFault
{
    None,

    /// <summary>The server says 500, and has done nothing.</summary>
    Error500,

    /// <summary>The server says 503, and has done nothing.</summary>
    Error503,

    /// <summary>The server says 429 with Retry-After, and has done nothing.</summary>
    Error429,

    /// <summary>The server refuses the identity.</summary>
    Refused,

    /// <summary>The connection breaks before the request arrives.</summary>
    NeverSent,

    /// <summary>The server does it; the connection breaks before the answer.</summary>
    AnswerLost,

    /// <summary>The server does it, and says 500.</summary>
    DoneButError500,

    /// <summary>The server does it; no answer ever comes.</summary>
    DoneButSilent,

    /// <summary>The body of the answer breaks off.</summary>
    BodyCut,

    /// <summary>The body of the answer ends early, without a complaint.</summary>
    BodyShort,

    /// <summary>One bit of the body is another one.</summary>
    BitFlipped,
}

/// <summary>Stands between an adapter and its server, and does to each request what it is told.</summary>
sealed class HttpFaults(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    int _requests;

    /// <summary>What to do with the request of this number, counted from 1.</summary>
    public Func<int, HttpRequestMessage, HttpFault> Choose { get; set; } = static (_, _) => HttpFault.None;

    /// <summary>Which part of a body is hit, in [0, 1).</summary>
    public Func<double> Place { get; set; } = static () => 0.5;

    public int Requests => _requests;

    public int Injected { get; private set; }

    public void Reset() => (_requests, Injected) = (0, 0);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        var fault = Choose(Interlocked.Increment(ref _requests), request);
        if (fault == HttpFault.None)
            return await base.SendAsync(request, ct);
        Injected++;
        switch (fault)
        {
            case HttpFault.Error500:
                return Answer(HttpStatusCode.InternalServerError, "InternalError", request);
            case HttpFault.Error503:
                return Answer(HttpStatusCode.ServiceUnavailable, "ServerBusy", request);
            case HttpFault.Error429:
                var busy = Answer(HttpStatusCode.TooManyRequests, "ServerBusy", request);
                busy.Headers.Add("Retry-After", "0");
                return busy;
            case HttpFault.Refused:
                return Answer(HttpStatusCode.Forbidden, "AuthorizationPermissionMismatch", request);
            case HttpFault.NeverSent:
                throw new HttpRequestException("reset", new IOException("reset"));
        }

        var answer = await base.SendAsync(request, ct);
        return fault switch
        {
            HttpFault.BodyCut or HttpFault.BodyShort or HttpFault.BitFlipped => await SpoilAsync(answer, fault, ct),
            _ => await LoseAsync(answer, fault, request, ct),
        };
    }

    static async Task<HttpResponseMessage> LoseAsync(
        HttpResponseMessage answer, HttpFault fault, HttpRequestMessage request, CancellationToken ct)
    {
        await answer.Content.LoadIntoBufferAsync(ct);
        answer.Dispose();
        if (fault == HttpFault.DoneButError500)
            return Answer(HttpStatusCode.InternalServerError, "InternalError", request);
        if (fault == HttpFault.DoneButSilent)
            await Task.Delay(Timeout.Infinite, ct);
        throw new HttpRequestException("reset", new IOException("reset"));
    }

    async Task<HttpResponseMessage> SpoilAsync(HttpResponseMessage answer, HttpFault fault, CancellationToken ct)
    {
        var body = await answer.Content.ReadAsByteArrayAsync(ct);
        if (body.Length == 0 || !answer.IsSuccessStatusCode)
            return answer;
        var at = (int)(Place() * body.Length);
        Stream content = new MemoryStream(body, writable: false);
        if (fault == HttpFault.BitFlipped)
            body[at] ^= (byte)(1 << (at % 8));
        else
            content = new CutStream(body[..at], breaks: fault == HttpFault.BodyCut);
        var spoiled = new StreamContent(content);
        foreach (var header in answer.Content.Headers)
            spoiled.Headers.TryAddWithoutValidation(header.Key, header.Value);
        answer.Content = spoiled;
        return answer;
    }

    static HttpResponseMessage Answer(HttpStatusCode status, string code, HttpRequestMessage request)
    {
        var answer = new HttpResponseMessage(status) { RequestMessage = request, Content = new ByteArrayContent([]) };
        answer.Headers.Add("x-ms-error-code", code);
        return answer;
    }

    /// <summary>Ends, or breaks, after the bytes that it has.</summary>
    sealed class CutStream(byte[] bytes, bool breaks) : MemoryStream(bytes, writable: false)
    {
        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await base.ReadAsync(buffer, cancellationToken);
            return read > 0 || !breaks ? read : throw new IOException("The connection was reset.");
        }

        public override Task<int> ReadAsync(
            byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }
}
