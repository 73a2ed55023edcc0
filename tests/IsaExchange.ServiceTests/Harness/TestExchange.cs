using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Client;
using IsaExchange.ServiceTests.Harness.Production;

namespace IsaExchange.ServiceTests.Harness;

/// <summary>A whole exchange on this machine: a home, a process, real sockets, TLS and credentials.</summary>
public sealed class TestExchange : IAsyncDisposable
{
    static readonly Dictionary<string, string> Nothing = [];

    /// <summary>Two seconds on a machine that has time; much longer where many builds run beside it.</summary>
    static readonly TimeSpan StartMax = TimeSpan.FromMinutes(3);

    readonly ConcurrentDictionary<string, GrpcChannel> _channels = new(StringComparer.Ordinal);
    readonly List<string> _log = [];
    readonly Dictionary<string, string> _environment;
    Servers? _servers;
    bool _ownsRoot = true;
    bool _isReplica;
    Process? _service;

    TestExchange(string root, int port, Dictionary<string, string> environment) =>
        (Root, Port, _environment) = (root, port, environment);

    /// <summary>Temporary folder that holds the home; gone with this object.</summary>
    public string Root { get; }

    public string Home => Path.Combine(Root, "home");

    public int Port { get; }

    /// <summary>Of the service, while it runs.</summary>
    public int ProcessId => _service?.Id ?? throw new InvalidOperationException("The service does not run.");

    /// <summary>What it keeps its things on, where that is not its home.</summary>
    public Servers Servers => _servers ?? throw new InvalidOperationException("It keeps everything in its home.");

    /// <summary>Variables that every process of this exchange gets.</summary>
    internal Dictionary<string, string> Environment => _environment;

    public CatalogueView Catalogue => _servers is { } servers
        ? CatalogueView.OfServer(servers.SuperuserConnection)
        : CatalogueView.OfFile(Path.Combine(Home, "catalogue.db"));

    /// <summary>Folders in which the servers keep what this exchange gives them; none for one that needs
    /// none.</summary>
    public IReadOnlyList<string> PlacesAtRest => _servers is { } servers
        ? [servers.Parts.Cluster.Folder, servers.Parts.Azurite.Folder] : [];

    /// <summary>Put around the handler of every channel opened from now on: sees what the wire brings.</summary>
    public Func<HttpMessageHandler, HttpMessageHandler>? Around { get; set; }

    /// <summary>Everything the service wrote to its output and error streams.</summary>
    public string Log
    {
        get
        {
            lock (_log)
                return string.Join('\n', _log);
        }
    }

    /// <summary>What the service said of calls that ended with INTERNAL.</summary>
    public string Incidents
    {
        get
        {
            lock (_log)
                return string.Join(
                    '\n', _log.SkipWhile(l => !l.Contains("Incident", StringComparison.Ordinal)).Take(40));
        }
    }

    /// <param name="policies">Folder of agreements and dataset specifications.</param>
    /// <param name="environment">Variables that the service gets besides those of this process.</param>
    /// <param name="signing">Whether init signs for everybody, so that the agreements are in force.</param>
    /// <param name="arrange">Puts something between the exchange and its servers, before it is made.</param>
    /// <param name="place">Folder in which the home is made, in place of a new one; whoever gave it removes it.</param>
    /// <param name="onServers">Whether it keeps its things on servers; null = as the whole run does.</param>
    public static async Task<TestExchange> StartAsync(
        string policies, IReadOnlyDictionary<string, string>? environment = null, bool signing = true,
        string? place = null, Action<Servers>? arrange = null, bool? onServers = null)
    {
        var root = place ?? Directory.CreateTempSubdirectory("isax-test-").FullName;
        var exchange = new TestExchange(root, FreePort(), new Dictionary<string, string>(environment ?? Nothing))
        {
            _ownsRoot = place is null,
        };
        var usesServers = onServers ?? SetUp.IsServers;
        if (policies == NorthmerePolicies.Folder && environment is null && signing && !usesServers)
            await HomeTemplate.CopyAsync(exchange.Home, exchange.Port);
        else
            await exchange.InitAsync(policies, signing, usesServers ? await Servers.CreateAsync() : null, arrange);
        await exchange.ServeAsync();
        return exchange;
    }

    async Task InitAsync(string policies, bool signing, Servers? servers, Action<Servers>? arrange)
    {
        List<string> init = ["init", "--home", Home, "--policies", policies, "--port", $"{Port}"];
        if (signing)
            init.Add("--sign");
        if (servers is not null)
            init.AddRange("--settings", await UseAsync(servers, arrange));
        var ran = await RunServiceAsync([.. init]);
        if (ran.ExitCode != 0)
            throw new InvalidOperationException($"init: {ran}");
    }

    /// <summary>The path of a file of settings that name these servers.</summary>
    async Task<string> UseAsync(Servers servers, Action<Servers>? arrange = null)
    {
        _servers = servers;
        arrange?.Invoke(servers);
        foreach (var (name, value) in servers.Environment)
            _environment[name] = value;
        var path = Path.Combine(Root, "servers.json");
        await File.WriteAllTextAsync(path, servers.Settings);
        return path;
    }

    /// <summary>
    /// Another process of the same exchange: a home with the same keys and settings, on the same servers, and a port of
    /// its own. Dispose it first.
    /// </summary>
    public async Task<TestExchange> ReplicaAsync()
    {
        var replica = new TestExchange(
            Directory.CreateTempSubdirectory("isax-replica-").FullName, FreePort(), _environment)
        {
            _servers = Servers, _isReplica = true,
        };
        foreach (var file in Directory.EnumerateFiles(Home, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(replica.Home, Path.GetRelativePath(Home, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        var settings = Path.Combine(replica.Home, "settings.json");
        await File.WriteAllTextAsync(settings, (await File.ReadAllTextAsync(settings)).Replace(
            $"\"port\": {Port}", $"\"port\": {replica.Port}", StringComparison.Ordinal));
        await replica.ServeAsync();
        return replica;
    }

    /// <summary>Arguments of a restore that name other, empty servers; none for an exchange that needs
    /// none.</summary>
    public async Task<string[]> OtherServersAsync() =>
        _servers is null ? [] : ["--settings", await UseAsync(await Servers.CreateAsync(false, _servers.Vault))];

    /// <summary>A verb of the service's program, in the environment of the service.</summary>
    public Task<Ran> RunServiceAsync(params string[] arguments) =>
        Programs.RunAsync(_environment, "dotnet", [Programs.Service, .. arguments]);

    /// <summary>Starts the service and waits until it listens.</summary>
    public async Task ServeAsync(params string[] prefix)
    {
        string[] command = [.. prefix, "dotnet", Programs.Service, "serve", "--home", Home];
        var service = Programs.Start(_environment, command[0], command[1..]);
        _service = service;
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        service.OutputDataReceived += (_, line) => Keep(line.Data, listening);
        service.ErrorDataReceived += (_, line) => Keep(line.Data, null);
        service.BeginOutputReadLine();
        service.BeginErrorReadLine();
        var ended = service.WaitForExitAsync();
        await Task.WhenAny(listening.Task, ended, Task.Delay(StartMax));
        if (!listening.Task.IsCompleted)
            throw new InvalidOperationException($"The service does not listen:\n{Log}");
    }

    void Keep(string? line, TaskCompletionSource? listening)
    {
        if (line is null)
            return;
        lock (_log)
            _log.Add(line);
        if (line.StartsWith("listening on ", StringComparison.Ordinal))
            listening?.TrySetResult();
    }

    /// <summary>SIGKILL: nothing is flushed, nothing said.</summary>
    public async Task KillAsync()
    {
        if (_service is not { } service)
            return;
        service.Kill(entireProcessTree: true);
        await EndedAsync(service);
    }

    /// <summary>SIGTERM: the service ends in its own time, and flushes what it still has to tell.</summary>
    public async Task StopAsync()
    {
        if (_service is not { } service)
            return;
        await Programs.RunAsync("kill", "-TERM", $"{service.Id}");
        await EndedAsync(service);
    }

    async Task EndedAsync(Process service)
    {
        await service.WaitForExitAsync();
        service.Dispose();
        _service = null;
        foreach (var channel in _channels.Values)
            channel.Dispose();
        _channels.Clear();
    }

    public string Credential(string who) => Path.Combine(Home, "credentials", who);

    /// <summary>isax as somebody: a sender's "party.name", or a person's id.</summary>
    public Task<Ran> IsaxAsync(string who, params string[] arguments) =>
        Programs.RunIsaxAsync([.. arguments, "--as", Credential(who)]);

    /// <summary>A bare gRPC channel with somebody's credential: no retries, no help.</summary>
    public CallInvoker As(string who) => _channels.GetOrAdd(who, w =>
    {
        var pem = Path.Combine(Credential(w), "credential.pem");
        return Connect(X509Certificate2.CreateFromPemFile(pem, pem));
    }).CreateCallInvoker();

    /// <summary>A channel with any certificate, or none.</summary>
    public GrpcChannel Connect(X509Certificate2? certificate)
    {
        var authority = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(Home, "keys", "authority.pem"));
        var tls = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { authority },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        };
        if (certificate is not null)
            tls.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true);
        var handler = new SocketsHttpHandler { SslOptions = tls, EnableMultipleHttp2Connections = true };
        return GrpcChannel.ForAddress($"https://localhost:{Port}", new GrpcChannelOptions
        {
            HttpHandler = Around is { } around ? around(handler) : handler,
            DisposeHttpClient = true,
        });
    }

    // Below the range from which outgoing connections take theirs: while the service is down, nobody else gets it.
    internal static int FreePort()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(20_000, 32_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: draw again.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        if (_servers is { } servers && !_isReplica)
            await servers.DisposeAsync();
        if (_ownsRoot)
            Directory.Delete(Root, recursive: true);
    }
}
