namespace IsaExchange.Exchange.Notifying;

/// <summary>A message as it is handed over; the same for every attempt, its id included.</summary>
/// <param name="Contact">As the agreement writes it; the carrier finds the address in it.</param>
public sealed record OutgoingNotice(
    string Id, string MessageId, string RecipientName, string Contact, string Subject, string Body,
    DateTimeOffset CreateTime);

/// <summary>Hands messages over.</summary>
public interface INoticeCarrier
{
    /// <summary>Returns what proves the handing over: the other side's own answer.</summary>
    /// <exception cref="NoticeRefusedException">It was not taken.</exception>
    Task<string> CarryAsync(OutgoingNotice notice, CancellationToken ct);
}

/// <summary>
/// The other side did not take the message. <paramref name="isFinal"/>: it said that it never will; else try again.
/// </summary>
public sealed class NoticeRefusedException(string answer, bool isFinal, Exception? inner = null)
    : Exception(answer, inner)
{
    public bool IsFinal { get; } = isFinal;
}
