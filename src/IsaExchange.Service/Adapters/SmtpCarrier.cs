using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using IsaExchange.Exchange.Notifying;
using IsaExchange.Service.Settings;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace IsaExchange.Service.Adapters;

/// <summary>Hands notices to a mail server. The server's own answer to the message is the proof.</summary>
sealed class SmtpCarrier(SmtpSettings settings) : INoticeCarrier
{
    const int TimeoutMilliseconds = 30_000;
    const int PermanentFrom = 500;

    public async Task<string> CarryAsync(OutgoingNotice notice, CancellationToken ct)
    {
        using var message = NoticeMessage.Of(notice, settings.From);
        using var smtp = new SmtpClient { Timeout = TimeoutMilliseconds, CheckCertificateRevocation = false };
        if (settings.AuthorityFile is { } authority)
            Trust(smtp, authority);
        try
        {
            await smtp.ConnectAsync(settings.Host, settings.Port, Security(), ct);
            if (settings.User is { } user)
                await smtp.AuthenticateAsync(user, settings.Password(), ct);
            var answer = await smtp.SendAsync(message, ct);
            await LeaveAsync(smtp);
            return string.Create(CultureInfo.InvariantCulture, $"{settings.Host}:{settings.Port} 250 {answer}");
        }
        catch (SmtpCommandException e)
        {
            var code = (int)e.StatusCode;
            throw new NoticeRefusedException(
                string.Create(CultureInfo.InvariantCulture, $"{settings.Host}:{settings.Port} {code} {e.Message}"),
                isFinal: code >= PermanentFrom, e);
        }
        catch (Exception e) when (e is ProtocolException or IOException or SocketException or TimeoutException
            or SslHandshakeException or AuthenticationException or ServiceNotAuthenticatedException
            or NotSupportedException)
        {
            // Where the server or its settings are at fault nothing is lost: it is tried again until that is mended.
            throw new NoticeRefusedException(
                string.Create(
                    CultureInfo.InvariantCulture, $"{settings.Host}:{settings.Port} not reached ({e.GetType().Name})"),
                isFinal: false, e);
        }
    }

    SecureSocketOptions Security() => settings.Tls switch
    {
        SmtpSettings.Implicit => SecureSocketOptions.SslOnConnect,
        SmtpSettings.None => SecureSocketOptions.None,
        // Required, not "when available": whoever sits between could take the offer away.
        _ => SecureSocketOptions.StartTls,
    };

    /// <summary>The server has the message; how the conversation ends can change nothing about that.</summary>
    static async Task LeaveAsync(SmtpClient smtp)
    {
        try
        {
            await smtp.DisconnectAsync(quit: true, CancellationToken.None);
        }
        catch (Exception e) when (e is ProtocolException or IOException or SocketException)
        {
            // It hung up before we did.
        }
    }

    static void Trust(SmtpClient smtp, string authority) =>
        smtp.ServerCertificateValidationCallback = (_, certificate, _, errors) =>
        {
            const System.Net.Security.SslPolicyErrors Chain =
                System.Net.Security.SslPolicyErrors.RemoteCertificateChainErrors;
            if (certificate is null || (errors & ~Chain) != System.Net.Security.SslPolicyErrors.None)
                return false;
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.CustomTrustStore.ImportFromPemFile(authority);
            using var server = new X509Certificate2(certificate);
            return chain.Build(server);
        };
}
