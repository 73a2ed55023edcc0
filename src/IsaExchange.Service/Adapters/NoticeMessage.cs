using IsaExchange.Exchange.Notifying;
using MimeKit;

namespace IsaExchange.Service.Adapters;

/// <summary>A notice as a mail message: the same bytes for every attempt.</summary>
static class NoticeMessage
{
    /// <exception cref="NoticeRefusedException">Final: the contact of the agreement holds no mail address.</exception>
    public static MimeMessage Of(OutgoingNotice notice, string from)
    {
        if (!MailboxAddress.TryParse(notice.Contact, out var to) || !to.Address.Contains('@', StringComparison.Ordinal))
            throw new NoticeRefusedException("The agreement has no mail address for this person.", isFinal: true);
        var message = new MimeMessage
        {
            Subject = notice.Subject,
            Date = notice.CreateTime,
            MessageId = notice.MessageId,
            Body = new TextPart("plain") { Text = notice.Body },
        };
        message.From.Add(MailboxAddress.Parse(from));
        message.To.Add(new MailboxAddress(notice.RecipientName, to.Address));

        // So that an absence note is not answered into a mailbox that nobody reads.
        message.Headers.Add("Auto-Submitted", "auto-generated");
        return message;
    }
}
