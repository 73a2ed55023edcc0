using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using IsaExchange.Service.Adapters.Postgres;
using IsaExchange.Service.Settings;
using Npgsql;

namespace IsaExchange.ServiceTests.Harness.Production;

/// <summary>
/// A PostgreSQL of its own: initdb, a port on loopback, the roles of an exchange with passwords in files. The server
/// runs as another user, because it refuses root, and dies with this process.
/// </summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    static readonly string[] Roles = ["isax_owner", "isax_application", "isax_sequencer", "isax_reader"];
    static readonly string[] OtherUser = Environment.UserName == "root" ? ["runuser", "-u", "postgres", "--"] : [];

    readonly string _root;
    readonly bool _durable;
    readonly bool _isStandby;
    readonly int _port = TestExchange.FreePort();
    readonly SemaphoreSlim _one = new(1, 1);
    string? _template;
    Process? _server;

    PostgresCluster(string root, bool durable, PostgresCluster? primary = null)
    {
        (_root, _durable, _isStandby) = (root, durable, primary is not null);
        Passwords = primary?.Passwords ?? Directory.CreateTempSubdirectory("isax-pg-roles-").FullName;
    }

    /// <summary>Folder with a file per role, as the settings want it.</summary>
    public string Passwords { get; }

    public int Port => _port;

    /// <summary>Where the programs of the newest PostgreSQL lie; they are not on the path.</summary>
    public static string Programs { get; } =
        Directory.EnumerateDirectories("/usr/lib/postgresql")
            .OrderBy(d => int.Parse(Path.GetFileName(d), CultureInfo.InvariantCulture)).Last() + "/bin/";

    /// <param name="durable">False spares fsync: for tests that do not end the machine.</param>
    public static async Task<PostgresCluster> StartAsync(bool durable = true)
    {
        var made = await RunAsync("mktemp", "-d", "/tmp/isax-pg-XXXXXXXX");
        var cluster = new PostgresCluster(made.Trim(), durable);
        await RunAsync(
            Programs + "initdb", "-D", cluster.Folder, "-U", "postgres", "--encoding=UTF8", "--locale=C.UTF-8",
            "--auth-local=trust", "--auth-host=scram-sha-256", "--no-sync");
        await cluster.RestartAsync();
        await cluster.MakeRolesAsync();
        return cluster;
    }

    /// <summary>A server that follows this one, and takes nothing. It has the databases of this moment and goes before
    /// this one does.</summary>
    public async Task<PostgresCluster> StandbyAsync()
    {
        var made = await RunAsync("mktemp", "-d", "/tmp/isax-pg-XXXXXXXX");
        var standby = new PostgresCluster(made.Trim(), durable: false, primary: this);
        await RunAsync(
            Programs + "pg_basebackup", "-h", _root, "-p", _port.ToString(CultureInfo.InvariantCulture), "-U",
            "postgres", "-D", standby.Folder, "-R", "-X", "stream", "--checkpoint=fast", "--no-sync");
        await standby.RestartAsync();
        return standby;
    }

    /// <summary>Everything that the server writes.</summary>
    public string Folder => _root + "/data";

    /// <summary>As the server's superuser, which no exchange ever is.</summary>
    public string Superuser(string database = "postgres") =>
        $"Host={_root};Port={_port};Username=postgres;Database={database};Pooling=false";

    /// <summary>A database of the owner's, empty or with the tables of this program; its settings.</summary>
    public async Task<PostgresSettings> CreateDatabaseAsync(bool migrated = true)
    {
        var name = "isax_" + RandomNumberGenerator.GetHexString(12, lowercase: true);
        var template = migrated ? await TemplateAsync() : "template0";
        await SuperuserAsync($"CREATE DATABASE {name} OWNER isax_owner TEMPLATE {template}");
        await SuperuserAsync(
            $"REVOKE ALL ON DATABASE {name} FROM PUBLIC; GRANT CONNECT ON DATABASE {name}"
            + " TO isax_application, isax_sequencer, isax_reader");
        return Settings(name);
    }

    public PostgresSettings Settings(string database, int? port = null) => new()
    {
        Server = $"Host=127.0.0.1;Port={port ?? _port};Database={database};SSL Mode=Disable",
        PasswordFolder = Passwords,
    };

    /// <summary>A connection as one of the roles, past the program.</summary>
    public async Task<NpgsqlConnection> OpenAsync(PostgresSettings settings, string role)
    {
        var connection = new NpgsqlConnection(
            $"{settings.Server};Username={role};Password={File.ReadAllText(Path.Combine(Passwords, role))};"
            + "Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    // Migrated once; copying its files is quicker.
    async Task<string> TemplateAsync()
    {
        await _one.WaitAsync();
        try
        {
            if (_template is { } made)
                return made;
            const string Name = "isax_template";
            await SuperuserAsync($"CREATE DATABASE {Name} OWNER isax_owner TEMPLATE template0");
            await PostgresOwner.MigrateAsync(Settings(Name), CancellationToken.None);
            return _template = Name;
        }
        finally
        {
            _one.Release();
        }
    }

    async Task MakeRolesAsync()
    {
        foreach (var role in Roles)
        {
            var password = RandomNumberGenerator.GetHexString(32);
            await SuperuserAsync($"CREATE ROLE {role} LOGIN PASSWORD '{password}'");
            var file = Path.Combine(Passwords, role);
            await File.WriteAllTextAsync(file, password);
            await Harness.Programs.RunAsync("chmod", "600", file);
        }
    }

    public async Task SuperuserAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Superuser());
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Ends the server and every process of it at once: nothing is flushed, nothing said.</summary>
    public async Task KillAsync()
    {
        if (_server is not { } server)
            return;
        var pid = (await File.ReadAllLinesAsync(Folder + "/postmaster.pid"))[0];
        var children = await File.ReadAllTextAsync($"/proc/{pid}/task/{pid}/children");
        await Harness.Programs.RunAsync(
            "kill", ["-KILL", pid, .. children.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        await EndedAsync(server);
    }

    async Task EndedAsync(Process server)
    {
        server.StandardInput.Close();
        await server.WaitForExitAsync();
        server.Dispose();
        _server = null;
    }

    /// <summary>Starts it, or starts it again after a kill, and waits until it takes connections.</summary>
    public async Task RestartAsync()
    {
        await KillAsync();

        // The shell ends the server when this process is gone, however that came about: its input ends then.
        var fsync = _durable ? "on" : "off";
        var command = $"exec 3<&0; {Programs}postgres -D {Folder} -k {_root} -p {_port}"
            + $" -c listen_addresses=127.0.0.1 -c fsync={fsync} -c max_connections=300 -c shared_buffers=64MB"
            + " -c log_min_messages=panic 3<&- & server=$!;"
            + " (cat <&3 > /dev/null; kill -QUIT $server) & watch=$!; wait $server; kill $watch";
        string[] line = [.. OtherUser, "sh", "-c", command];
        _server = Harness.Programs.Start(line[0], line[1..]);
        _ = _server.StandardError.ReadToEndAsync();
        _ = _server.StandardOutput.ReadToEndAsync();
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await SuperuserAsync("SELECT 1");
                return;
            }
            catch (NpgsqlException) when (clock.Elapsed < TimeSpan.FromSeconds(60))
            {
                await Task.Delay(50);
            }
        }
    }

    static async Task<string> RunAsync(params string[] command)
    {
        string[] line = [.. OtherUser, .. command];
        var ran = await Harness.Programs.RunAsync(line[0], line[1..]);
        return ran.ExitCode == 0 ? ran.Output : throw new InvalidOperationException(ran.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _one.Dispose();
        if (!_isStandby)
            Directory.Delete(Passwords, recursive: true);
        Directory.Delete(_root, recursive: true);
    }
}
