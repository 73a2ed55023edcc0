using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace IsaExchange.ServiceTests.Harness.Production;

/// <summary>
/// Microsoft's emulator of Blob Storage, as a process on this machine: over TLS, with tokens in place of account keys
/// (it looks at their audience and time). Stopped and started again it has everything; killed, it may have forgotten
/// the last seconds, which the real service does not.
/// </summary>
public sealed class Azurite : IAsyncDisposable
{
    const string AccountName = "isaxtests";

    readonly string _folder = Directory.CreateTempSubdirectory("isax-azurite-").FullName;
    readonly string _accountKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(64));
    readonly (string Certificate, string Key) _tls;
    readonly int _port = FreePort();
    Process? _process;

    Azurite(TestAuthority authority)
    {
        _tls = authority.IssueServerFiles("azurite");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Kill();
    }

    /// <summary>Everything that the server writes.</summary>
    public string Folder => _folder;

    /// <summary>https address of the account.</summary>
    public Uri Account => new($"https://127.0.0.1:{_port}/{AccountName}");

    public static async Task<Azurite> StartAsync(TestAuthority authority)
    {
        var azurite = new Azurite(authority);
        await azurite.RestartAsync();
        return azurite;
    }

    public void Kill()
    {
        if (_process is null)
            return;
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Ends it in order; what it was told stays.</summary>
    public async Task StopAsync()
    {
        if (_process is null)
            return;
        using (var told = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]))
            await told.WaitForExitAsync();
        await _process.WaitForExitAsync();
        Kill();
    }

    /// <summary>Starts it, after having ended it in order if need be; at the same address as before.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        var start = new ProcessStartInfo("node")
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var argument in (string[])[
            Program(), "--blobHost", "127.0.0.1", "--blobPort", _port.ToString(CultureInfo.InvariantCulture),
            "--location", _folder, "--silent", "--disableTelemetry", "--skipApiVersionCheck", "--oauth", "basic",
            "--cert", _tls.Certificate, "--key", _tls.Key])
            start.ArgumentList.Add(argument);
        start.Environment["AZURITE_ACCOUNTS"] = $"{AccountName}:{_accountKey}";
        _process = Process.Start(start) ?? throw new InvalidOperationException("node did not start.");
        _process.OutputDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();
        var complaints = _process.StandardError.ReadToEndAsync();
        await ListensAsync(complaints);
    }

    async Task ListensAsync(Task<string> complaints)
    {
        for (var attempt = 0; attempt < 1200; attempt++)
        {
            if (_process!.HasExited)
                throw new InvalidOperationException($"Azurite ended: {await complaints}");
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, _port);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(100);
            }
        }

        throw new InvalidOperationException("Azurite did not listen within two minutes.");
    }

    static string Program()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "IsaExchange.sln")))
            folder = folder.Parent;
        var program = Path.Combine(
            folder?.FullName ?? "", "tests", "node_modules", "azurite", "dist", "src", "blob", "main.js");
        return File.Exists(program)
            ? program
            : throw new InvalidOperationException($"{program} is missing: npm ci --prefix tests");
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public ValueTask DisposeAsync()
    {
        Kill();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
