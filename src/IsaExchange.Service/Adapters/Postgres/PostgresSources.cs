using IsaExchange.Service.Settings;
using Npgsql;

namespace IsaExchange.Service.Adapters.Postgres;

/// <summary>
/// The connections of one replica, each role's apart. Writing has its own: a write that must look something up beside
/// its transaction would else wait for a connection that only it could give back.
/// </summary>
sealed class PostgresSources : IDisposable
{
    const int Locks = 2;
    const int Sequencing = 2;

    /// <summary>Bounds on the server's side, in milliseconds: what a replica has left behind ends by itself.</summary>
    const string Bounds = "-c statement_timeout=20000 -c lock_timeout=5000"
        + " -c idle_in_transaction_session_timeout=30000 -c jit=off"
        + " -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3";

    readonly PostgresSettings _settings;

    public PostgresSources(PostgresSettings settings)
    {
        _settings = settings;
        var rest = settings.Connections - Locks - Sequencing;
        Writing = Pool(settings.ApplicationRole, "write", rest / 2);
        Reading = Pool(settings.ApplicationRole, "read", rest - (rest / 2));
        Sequencer = Pool(settings.SequencerRole, "sequence", Sequencing);
        Locking = Unpooled(settings.ApplicationRole, "lock");
        Leading = Unpooled(settings.SequencerRole, "lead");
    }

    public NpgsqlDataSource Writing { get; }

    public NpgsqlDataSource Reading { get; }

    public NpgsqlDataSource Sequencer { get; }

    /// <summary>A lock is the session: it must end with it, not go back into a pool.</summary>
    public NpgsqlDataSource Locking { get; }

    public NpgsqlDataSource Leading { get; }

    /// <summary>Lets go of idle connections; what is in use ends by itself.</summary>
    public void Clear()
    {
        Writing.Clear();
        Reading.Clear();
        Sequencer.Clear();
    }

    /// <summary>One role without a pool, for a question or two.</summary>
    public static NpgsqlDataSource Alone(PostgresSettings settings, string role)
    {
        var server = Server(settings, role, "check");
        server.Pooling = false;
        return Build(settings, server);
    }

    /// <summary>The role that may change tables; for operators' verbs.</summary>
    public static NpgsqlDataSource Owner(PostgresSettings settings)
    {
        var server = Server(settings, settings.OwnerRole, "migrate");
        server.Pooling = false;
        server.Options = server.Options?.Replace(Bounds, "-c lock_timeout=20000", StringComparison.Ordinal);
        server.CommandTimeout = 600;
        return Build(settings, server);
    }

    NpgsqlDataSource Pool(string role, string use, int connections)
    {
        var server = Server(_settings, role, use);
        server.MaxPoolSize = connections;
        return Build(_settings, server);
    }

    NpgsqlDataSource Unpooled(string role, string use)
    {
        var server = Server(_settings, role, use);
        server.Pooling = false;

        // The keep-alive is the heartbeat of whoever holds a lock: a process that is stopped, not ended, loses it.
        server.KeepAlive = 10;
        server.Options += " -c idle_session_timeout=30000";
        return Build(_settings, server);
    }

    static NpgsqlConnectionStringBuilder Server(PostgresSettings settings, string role, string use)
    {
        var server = new NpgsqlConnectionStringBuilder(settings.Server)
        {
            Username = role,
            ApplicationName = "isaexchange " + use,
            Timeout = 10,
            CommandTimeout = 25,
            TcpKeepAlive = true,
            IncludeErrorDetail = false,
            PersistSecurityInfo = false,
        };
        server.Options = $"{server.Options} {Bounds}".Trim();
        return server;
    }

    static NpgsqlDataSource Build(PostgresSettings settings, NpgsqlConnectionStringBuilder server)
    {
        var builder = new NpgsqlDataSourceBuilder(server.ConnectionString);
        if (settings.PasswordFile(server.Username!) is { } file)
        {
            // Read when a connection is opened, so that a password can be exchanged while the service runs.
            builder.UsePasswordProvider(
                _ => SecretFile.Read(file), (_, _) => ValueTask.FromResult(SecretFile.Read(file)));
        }

        return builder.Build();
    }

    public void Dispose()
    {
        foreach (var source in new[] { Writing, Reading, Sequencer, Locking, Leading })
            source.Dispose();
    }
}
