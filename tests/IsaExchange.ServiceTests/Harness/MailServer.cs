using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Xunit;

namespace IsaExchange.ServiceTests.Harness;

/// <summary>
/// A mail server that is not ours (aiosmtpd of the operating system): takes messages, keeps them, and answers what it
/// was told to. It is stopped and started like a real one that has its bad days.
/// </summary>
public sealed class MailServer : IAsyncDisposable
{
    const string Python = "/usr/bin/python3";

    const string Program = """
        import os, ssl, sys, time
        from aiosmtpd.controller import Controller
        folder, port, tls = sys.argv[1], int(sys.argv[2]), sys.argv[3] == "tls"
        class Keep:
            async def handle_DATA(self, server, session, envelope):
                answers = os.path.join(folder, "answers")
                said = open(answers).read().splitlines() if os.path.exists(answers) else []
                if said:
                    open(answers, "w").write("\n".join(said[1:]))
                answer = said[0] if said else "250 kept as " + str(time.monotonic_ns())
                kind = "kept" if answer.startswith("250") else "refused"
                with open(os.path.join(folder, "%s-%d" % (kind, time.monotonic_ns())), "wb") as f:
                    f.write(b"secure\n" if session.ssl else b"clear\n")
                    f.write(("\n".join(envelope.rcpt_tos) + "\n\n").encode())
                    f.write(envelope.content)
                return answer
        context = None
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(os.path.join(folder, "server.pem"))
        Controller(Keep(), hostname="127.0.0.1", port=port, tls_context=context, require_starttls=tls).start()
        print("ready", flush=True)
        sys.stdin.read()
        """;

    readonly string _folder = Directory.CreateTempSubdirectory("isax-mail-").FullName;
    Process? _server;

    MailServer(bool tls)
    {
        Tls = tls;
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        Port = ((IPEndPoint)probe.LocalEndpoint).Port;
        WriteCertificate();
    }

    public int Port { get; }

    public bool Tls { get; }

    /// <summary>PEM of the authority that vouches for the server.</summary>
    public string Authority => Path.Combine(_folder, "authority.pem");

    /// <summary>What was taken: transport, recipients, an empty line, the message.</summary>
    public IReadOnlyList<string> Kept => [.. Files("kept-*").Select(File.ReadAllText)];

    /// <summary>How many messages were refused after they had been sent whole.</summary>
    public int Refused => Files("refused-*").Length;

    /// <summary>A server that does not run yet. Skips loudly where aiosmtpd is not installed, and fails where
    /// ISAX_REQUIRE_DATA=1 says that it must be there.</summary>
    public static async Task<MailServer> RequireAsync(bool tls)
    {
        var isThere = File.Exists(Python)
            && (await Programs.RunAsync(Python, "-c", "import aiosmtpd.controller")).ExitCode == 0;
        if (!isThere)
        {
            Assert.SkipUnless(
                Environment.GetEnvironmentVariable("ISAX_REQUIRE_DATA") == "1",
                "No mail server: apt-get install python3-aiosmtpd.");
            throw new InvalidOperationException("A mail server is required here: apt-get install python3-aiosmtpd.");
        }

        return new MailServer(tls);
    }

    public async Task StartAsync()
    {
        _server = Programs.Start(
            Python, "-c", Program, _folder, Port.ToString(CultureInfo.InvariantCulture), Tls ? "tls" : "clear");
        var ready = await _server.StandardOutput.ReadLineAsync();
        if (ready != "ready")
            throw new InvalidOperationException(
                $"The mail server did not start: {await _server.StandardError.ReadToEndAsync()}");
    }

    public async Task StopAsync()
    {
        if (_server is not { } server)
            return;
        server.Kill(entireProcessTree: true);
        await server.WaitForExitAsync();
        server.Dispose();
        _server = null;
    }

    /// <summary>What it says to the next messages, one each; after that it takes them again.</summary>
    public void Answer(params string[] answers) =>
        File.WriteAllText(Path.Combine(_folder, "answers"), string.Join('\n', answers));

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    string[] Files(string pattern) => [.. Directory.GetFiles(_folder, pattern).Order(StringComparer.Ordinal)];

    void WriteCertificate()
    {
        var from = TimeProvider.System.GetUtcNow().AddHours(-1);
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new CertificateRequest("CN=mail authority", authorityKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var issuer = authority.CreateSelfSigned(from, from.AddDays(2));
        File.WriteAllText(Authority, issuer.ExportCertificatePem());

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var server = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        server.CertificateExtensions.Add(names.Build());
        using var issued = server.Create(issuer, from, from.AddDays(1), [1, 2, 3]);
        File.WriteAllText(
            Path.Combine(_folder, "server.pem"), issued.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
    }
}
