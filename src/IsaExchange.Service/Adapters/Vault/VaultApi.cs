using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Azure.Core;
using Azure.Core.Pipeline;
using IsaExchange.Service.Resilience;

namespace IsaExchange.Service.Adapters.Vault;

/// <summary>A key version as the vault describes it.</summary>
sealed record VaultVersion(string Kid, bool IsEnabled, DateTimeOffset Made)
{
    /// <summary>What becomes of a deleted key, in the vault's words: Recoverable, Purgeable and more; empty when it
    /// does not say.</summary>
    public string RecoveryLevel { get; init; } = "";
}

/// <summary>A key that was deleted, and when nobody can bring it back any more.</summary>
sealed record VaultDeletion(string Kid, DateTimeOffset Effective);

/// <summary>
/// The calls of Azure Key Vault that we make, over its REST interface 7.4. Each goes through the pipeline of the
/// dependency; the SDK's own retries are off. What is the same when done twice is repeated; what is not has Once in its
/// name, and whoever calls it looks after an end that is not known.
/// </summary>
sealed class VaultApi
{
    const string ApiVersion = "api-version=7.4";
    const string Algorithm = "RSA-OAEP-256";
    const int KeyBits = 3072;
    const int AnswerLengthMax = 256 * 1024;

    readonly Dependency _vault;
    readonly HttpPipeline _pipeline;
    readonly TimeProvider _clock;

    /// <param name="transport">For tests: which certificates are believed.</param>
    public VaultApi(
        Uri address, TokenCredential credential, Dependency vault, TimeProvider clock,
        HttpPipelineTransport? transport = null)
    {
        (Address, _vault, _clock) = (address, vault, clock);
        var options = new Options();
        options.Retry.MaxRetries = 0;
        options.Diagnostics.IsLoggingEnabled = false;
        options.Diagnostics.IsTelemetryEnabled = false;
        if (transport is not null)
            options.Transport = transport;
        _pipeline = HttpPipelineBuilder.Build(options, new VaultChallengePolicy(credential, address));
    }

    public Uri Address { get; }

    /// <summary>The latest version, or null when there is no key of that name.</summary>
    public async Task<VaultVersion?> FindAsync(string name, CancellationToken ct)
    {
        try
        {
            return Version(await CallAsync(RequestMethod.Get, $"/keys/{name}", body: null, ct));
        }
        catch (VaultFaultException fault) when (fault.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Makes a key, or a new version of one that is there.</summary>
    public async Task<VaultVersion> CreateOnceAsync(string name, CancellationToken ct) => Version(await CallOnceAsync(
        RequestMethod.Post, $"/keys/{name}/create",
        new { kty = "RSA", key_size = KeyBits, key_ops = (string[])["wrapKey", "unwrapKey"] }, ct));

    /// <summary>Makes a new version.</summary>
    public async Task<VaultVersion> RotateOnceAsync(string name, CancellationToken ct) =>
        Version(await CallOnceAsync(RequestMethod.Post, $"/keys/{name}/rotate", body: null, ct));

    /// <summary>Every version, in the vault's order; none when there is no key of that name.</summary>
    public async Task<IReadOnlyList<VaultVersion>> VersionsAsync(string name, CancellationToken ct)
    {
        var versions = new List<VaultVersion>();
        var path = $"/keys/{name}/versions";
        for (string? next = path; next is not null;)
        {
            var page = await CallAsync(RequestMethod.Get, next, body: null, ct);
            versions.AddRange(page.GetProperty("value").EnumerateArray()
                .Select(item => Version(item.GetProperty("kid"), item.GetProperty("attributes"))));
            next = NextPage(page, path);
        }

        return versions;
    }

    /// <summary>Disables a version; the same when done twice.</summary>
    public Task DisableAsync(VaultKeyId id, CancellationToken ct) => CallAsync(
        RequestMethod.Patch, $"/keys/{id.Name}/{id.Version}", new { attributes = new { enabled = false } }, ct);

    /// <summary>Deletes every version of a name; they can be recovered until they are purged.</summary>
    public async Task<VaultDeletion> DeleteOnceAsync(string name, CancellationToken ct) =>
        Deletion(await CallOnceAsync(RequestMethod.Delete, $"/keys/{name}", body: null, ct));

    /// <summary>A deleted key that was not purged yet, or null.</summary>
    public async Task<VaultDeletion?> FindDeletedAsync(string name, CancellationToken ct)
    {
        try
        {
            return Deletion(await CallAsync(RequestMethod.Get, $"/deletedkeys/{name}", body: null, ct));
        }
        catch (VaultFaultException fault) when (fault.Status == 404)
        {
            return null;
        }
    }

    public Task<byte[]> WrapAsync(VaultKeyId id, ReadOnlyMemory<byte> key, CancellationToken ct) =>
        UseAsync(id, "wrapkey", key, ct);

    public Task<byte[]> UnwrapAsync(VaultKeyId id, ReadOnlyMemory<byte> wrapped, CancellationToken ct) =>
        UseAsync(id, "unwrapkey", wrapped, ct);

    /// <summary>The vault's clock, by the date of an answer, whatever it answers; null when it has none.</summary>
    public Task<DateTimeOffset?> TimeAsync(string name, CancellationToken ct) => _vault.RepeatAsync(
        async token =>
        {
            var (response, _) = await AnswerAsync(RequestMethod.Get, $"/keys/{name}", body: null, token);
            return response.Headers.Date;
        },
        ct);

    /// <summary>
    /// Whether the vault would do this if there were such a key: of a name that nobody has it answers that there is
    /// none to whoever has the right, and that it is forbidden to all others.
    /// </summary>
    public async Task<bool> WouldAsync(RequestMethod method, string path, object? body, CancellationToken ct)
    {
        try
        {
            await CallAsync(method, path, body, ct);
            return true;
        }
        catch (VaultFaultException fault) when (fault.Status is 400 or 403 or 404 or 405)
        {
            return fault.Status == 404;
        }
    }

    Task<byte[]> UseAsync(VaultKeyId id, string use, ReadOnlyMemory<byte> value, CancellationToken ct)
    {
        var path = $"/keys/{id.Name}/{id.Version}/{use}";
        return _vault.RepeatAsync(
            async token =>
            {
                // A file key is in the body or in the answer: neither stays in memory.
                var body = KeyOperation(value.Span);
                byte[]? answer = null;
                try
                {
                    answer = await SendAsync(RequestMethod.Post, path, body, token);
                    return ResultOf(answer, id);
                }
                finally
                {
                    CryptographicOperations.ZeroMemory(body);
                    CryptographicOperations.ZeroMemory(answer);
                }
            },
            ct);
    }

    Task<JsonElement> CallAsync(RequestMethod method, string path, object? body, CancellationToken ct) =>
        _vault.RepeatAsync(token => ExchangeAsync(method, path, body, token), ct);

    Task<JsonElement> CallOnceAsync(RequestMethod method, string path, object? body, CancellationToken ct) =>
        _vault.OnceAsync(token => ExchangeAsync(method, path, body, token), ct);

    async Task<JsonElement> ExchangeAsync(RequestMethod method, string path, object? body, CancellationToken ct)
    {
        var answer = await SendAsync(
            method, path, body is null ? null : JsonSerializer.SerializeToUtf8Bytes(body), ct);
        return JsonElement.Parse(answer);
    }

    async Task<byte[]> SendAsync(RequestMethod method, string path, byte[]? body, CancellationToken ct)
    {
        var (response, answer) = await AnswerAsync(method, path, body, ct);
        return response.Status is >= 200 and < 300 ? answer : throw Fault(response, answer);
    }

    async Task<(Azure.Response Response, byte[] Body)> AnswerAsync(
        RequestMethod method, string path, byte[]? body, CancellationToken ct)
    {
        using var message = _pipeline.CreateMessage();
        message.BufferResponse = false;
        message.Request.Method = method;
        var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        message.Request.Uri.Reset(new Uri(Address, path + separator + ApiVersion));
        message.Request.Headers.Add(HttpHeader.Common.JsonAccept);
        if (body is not null)
        {
            message.Request.Headers.Add(HttpHeader.Common.JsonContentType);
            message.Request.Content = RequestContent.Create(body);
        }

        await _pipeline.SendAsync(message, ct);
        return (message.Response, await ReadAsync(message.Response, ct));
    }

    static async Task<byte[]> ReadAsync(Azure.Response response, CancellationToken ct)
    {
        if (response.ContentStream is not { } content)
            return [];
        await using var _ = content;
        var into = new byte[4096];
        var length = 0;
        while (true)
        {
            var read = await content.ReadAsync(into.AsMemory(length), ct);
            if (read == 0)
                break;
            length += read;
            if (length < into.Length)
                continue;
            if (length > AnswerLengthMax)
                throw new IOException("The vault's answer is longer than any it documents.");
            into = Wiping(into, 2 * into.Length);
        }

        return Wiping(into, length);
    }

    static byte[] Wiping(byte[] old, int size)
    {
        var kept = new byte[size];
        old.AsSpan(0, Math.Min(size, old.Length)).CopyTo(kept);
        CryptographicOperations.ZeroMemory(old);
        return kept;
    }

    VaultFaultException Fault(Azure.Response response, byte[] answer)
    {
        var (code, inner) = ("", "");
        try
        {
            var error = JsonElement.Parse(answer).GetProperty("error");
            code = error.GetProperty("code").GetString() ?? "";
            if (error.TryGetProperty("innererror", out var within))
                inner = within.GetProperty("code").GetString() ?? "";
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // Something between us and the vault answered in its place: the status says enough.
        }

        return new VaultFaultException(response.Status, code, inner, Waiting(response));
    }

    TimeSpan? Waiting(Azure.Response response)
    {
        if (!response.Headers.TryGetValue("Retry-After", out var text))
            return null;
        if (int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var seconds))
            return TimeSpan.FromSeconds(seconds);
        return DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var until)
            ? until - _clock.GetUtcNow()
            : null;
    }

    /// <summary>A page of another host, or of another key, is not followed.</summary>
    string? NextPage(JsonElement page, string path)
    {
        if (!page.TryGetProperty("nextLink", out var link) || link.GetString() is not { Length: > 0 } text)
            return null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var next) || next.Authority != Address.Authority
            || next.AbsolutePath != path)
            throw new IOException("The vault names a next page that is not its own.");
        var query = next.Query.TrimStart('?').Split('&')
            .Where(p => !p.StartsWith("api-version=", StringComparison.Ordinal));
        return $"{path}?{string.Join('&', query)}";
    }

    static VaultVersion Version(JsonElement bundle) =>
        Version(bundle.GetProperty("key").GetProperty("kid"), bundle.GetProperty("attributes"));

    static VaultVersion Version(JsonElement kid, JsonElement attributes) => new(
        kid.GetString() ?? throw new IOException("The vault names a key without its address."),
        attributes.GetProperty("enabled").GetBoolean(),
        DateTimeOffset.FromUnixTimeSeconds(attributes.GetProperty("created").GetInt64()))
    {
        RecoveryLevel = attributes.TryGetProperty("recoveryLevel", out var level) ? level.GetString() ?? "" : "",
    };

    VaultDeletion Deletion(JsonElement bundle)
    {
        var kid = bundle.GetProperty("key").GetProperty("kid").GetString() ?? "";
        if (bundle.TryGetProperty("scheduledPurgeDate", out var purge))
            return new VaultDeletion(kid, DateTimeOffset.FromUnixTimeSeconds(purge.GetInt64()));

        // A vault without soft delete: what is deleted is gone.
        return new VaultDeletion(kid, _clock.GetUtcNow());
    }

    static byte[] KeyOperation(ReadOnlySpan<byte> value)
    {
        var prefix = "{\"alg\":\"" + Algorithm + "\",\"value\":\"";
        var body = new byte[prefix.Length + Base64Url.GetEncodedLength(value.Length) + 2];
        System.Text.Encoding.ASCII.GetBytes(prefix, body);
        Base64Url.EncodeToUtf8(value, body.AsSpan(prefix.Length));
        "\"}"u8.CopyTo(body.AsSpan(body.Length - 2));
        return body;
    }

    static byte[] ResultOf(ReadOnlySpan<byte> answer, VaultKeyId id)
    {
        var reader = new Utf8JsonReader(answer);
        var (kid, value, property) = ((string?)null, (byte[]?)null, (string?)null);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
                property = reader.GetString();
            else if (reader.TokenType == JsonTokenType.String && property == "kid")
                kid = reader.GetString();
            else if (reader.TokenType == JsonTokenType.String && property == "value")
                value = Base64Url.DecodeFromUtf8(reader.ValueSpan);
        }

        // Another version than the one asked for would open nothing later: the header names this one.
        return kid == id.ToString() && value is not null
            ? value
            : throw new IOException("The vault answered for another key than the one it was asked for.");
    }

    sealed class Options : ClientOptions;
}
