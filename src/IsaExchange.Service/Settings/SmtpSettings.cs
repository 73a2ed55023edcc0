namespace IsaExchange.Service.Settings;

/// <summary>The mail server that takes notices. The password stands in a file of its own, never here.</summary>
public sealed record SmtpSettings
{
    public const string StartTls = "starttls";
    public const string Implicit = "implicit";
    public const string None = "none";

    public required string Host { get; init; }

    public int Port { get; init; } = 587;

    /// <summary>Sender address of every notice.</summary>
    public required string From { get; init; }

    /// <summary>starttls, implicit, or none; none for loopback only.</summary>
    public string Tls { get; init; } = StartTls;

    /// <summary>PEM of the authority that the server's certificate must chain to; null = the machine's own.</summary>
    public string? AuthorityFile { get; init; }

    public string? User { get; init; }

    /// <summary>File whose first line is the password; readable by the service's user alone.</summary>
    public string? PasswordFile { get; init; }

    public bool IsLoopback => Host is "localhost"
        || (System.Net.IPAddress.TryParse(Host, out var address) && System.Net.IPAddress.IsLoopback(address));

    /// <exception cref="SettingsException">Incomplete, or a secret that others can read.</exception>
    public void Check(string settings)
    {
        if (string.IsNullOrWhiteSpace(Host) || Port is < 1 or > 65535)
            throw new SettingsException($"{settings}: smtp needs a host, and a port between 1 and 65535.");
        if (!MimeKit.MailboxAddress.TryParse(From, out var from)
            || !from.Address.Contains('@', StringComparison.Ordinal))
            throw new SettingsException($"{settings}: smtp.from must be a mail address.");
        if (Tls is not (StartTls or Implicit or None))
            throw new SettingsException($"{settings}: smtp.tls is {StartTls}, {Implicit} or {None}.");
        if (Tls == None && !IsLoopback)
            throw new SettingsException(
                $"{settings}: smtp.tls may be {None} on loopback only: elsewhere others could read along.");
        if (AuthorityFile is { } authority && !File.Exists(authority))
            throw new SettingsException($"{settings}: smtp.authority_file does not exist: {authority}");
        if ((User is null) != (PasswordFile is null))
            throw new SettingsException($"{settings}: smtp.user and smtp.password_file belong together.");
        if (PasswordFile is { } file)
            SecretFile.Check(settings, "smtp.password_file", file);
    }

    public string Password() => SecretFile.Read(PasswordFile!);
}
