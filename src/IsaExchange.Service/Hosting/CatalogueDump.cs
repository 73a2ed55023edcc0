using System.Diagnostics;
using IsaExchange.Exchange.Storage;
using IsaExchange.Service.Settings;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace IsaExchange.Service.Hosting;

/// <summary>
/// A catalogue as one file, of one moment: SQLite's own online copy, or pg_dump's custom format.
/// </summary>
sealed class CatalogueDump(HomeFolder home, ExchangeSettings settings)
{
    /// <summary>Name of the file in the folder of a backup.</summary>
    public string FileName => settings.Postgres is null ? "catalogue.db" : "catalogue.dump";

    /// <summary>It is durable when this returns: its digest goes into the label of the backup.</summary>
    public async Task WriteAsync(string folder, CancellationToken ct)
    {
        var file = Path.Combine(folder, FileName);
        if (settings.Postgres is { } postgres)
        {
            // Ours to make, so that nobody else can read it for a moment; and to sync, as the programs may be older.
            DurableFiles.CreateNew(file, []);
            await RunAsync(postgres, "pg_dump", ["--format=custom", $"--file={file}"], ct);
            Sync(file);
        }
        else
        {
            Copy(home.Catalogue, file);
        }

        DurableFiles.SyncFolder(folder);
    }

    /// <exception cref="SettingsException">There is a catalogue already, or the server refuses.</exception>
    public Task ReadAsync(string folder, CancellationToken ct)
    {
        var file = Path.Combine(folder, FileName);
        if (!File.Exists(file))
            throw new SettingsException($"{folder} holds no {FileName}: it is a backup of another kind of catalogue.");
        if (settings.Postgres is { } postgres)
            return RunAsync(
                postgres, "pg_restore",
                [
                    "--exit-on-error", "--no-owner", "--no-acl", "--single-transaction",
                    $"--dbname={Database(postgres)}", file,
                ], ct);
        if (File.Exists(home.Catalogue))
            throw new SettingsException($"{home.Catalogue} exists: a restore never overwrites.");
        Copy(file, home.Catalogue);
        return Task.CompletedTask;
    }

    static void Copy(string from, string to)
    {
        DurableFiles.CreateNew(to, []);
        using (var source = new SqliteConnection($"Data Source={from};Pooling=False"))
        using (var target = new SqliteConnection($"Data Source={to};Pooling=False"))
        {
            source.Open();
            target.Open();
            source.BackupDatabase(target);
        }

        Sync(to);
    }

    static void Sync(string file)
    {
        using var made = File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite);
        DurableFiles.Sync(made, file);
    }

    static string Database(PostgresSettings postgres) =>
        new NpgsqlConnectionStringBuilder(postgres.Server).Database!;

    /// <summary>One of PostgreSQL's own programs, as the owner of the tables; the password goes by the environment of
    /// that process alone.</summary>
    static async Task RunAsync(
        PostgresSettings postgres, string program, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        var server = new NpgsqlConnectionStringBuilder(postgres.Server);
        var start = new ProcessStartInfo(Find(program)) { RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["PGHOST"] = server.Host;
        start.Environment["PGPORT"] = server.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        start.Environment["PGDATABASE"] = server.Database;
        start.Environment["PGUSER"] = postgres.OwnerRole;
        start.Environment["PGSSLMODE"] = server.SslMode switch
        {
            SslMode.VerifyFull => "verify-full",
            SslMode.VerifyCA => "verify-ca",
            SslMode.Require => "require",
            _ => "prefer",
        };
        if (server.RootCertificate is { Length: > 0 } root)
            start.Environment["PGSSLROOTCERT"] = root;
        if (postgres.PasswordFolder is { } folder)
            start.Environment["PGPASSWORD"] = File.ReadLines(Path.Combine(folder, postgres.OwnerRole)).First();
        using var process = Process.Start(start)
            ?? throw new InvalidOperationException("A process that is not run by the shell starts or throws.");
        var said = await process.StandardError.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        if (process.ExitCode != 0)
            throw new SettingsException($"{program} ended with {process.ExitCode}: {said.Trim()}");
    }

    /// <summary>On the path, or where Debian keeps the newest.</summary>
    static string Find(string program)
    {
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        if (onPath is not null)
            return onPath;
        const string Debian = "/usr/lib/postgresql";
        var versions = Directory.Exists(Debian) ? Directory.GetDirectories(Debian) : [];
        return versions.OrderByDescending(v => v, StringComparer.Ordinal)
            .Select(v => Path.Combine(v, "bin", program)).FirstOrDefault(File.Exists)
            ?? throw new SettingsException($"{program} was not found: install the client programs of PostgreSQL.");
    }
}
