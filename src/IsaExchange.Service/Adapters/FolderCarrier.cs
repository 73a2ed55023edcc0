using System.Globalization;
using System.Security.Cryptography;
using IsaExchange.Exchange.Notifying;
using IsaExchange.Exchange.Storage;
using MimeKit;

namespace IsaExchange.Service.Adapters;

/// <summary>
/// Writes notices as files that any mail program opens: for an exchange without a mail server. The proof is the file's
/// path and SHA-256. A notice has one file name, so that repeating a crashed attempt writes nothing twice.
/// </summary>
sealed class FolderCarrier(string home, string outbox, string exchange) : INoticeCarrier
{
    public Task<string> CarryAsync(OutgoingNotice notice, CancellationToken ct)
    {
        var from = $"exchange@{string.Join('.', exchange.Split('/').Reverse())}";
        using var message = NoticeMessage.Of(notice, from);
        using var content = new MemoryStream();
        message.Prepare(EncodingConstraint.SevenBit);
        message.WriteTo(content, ct);
        var path = Path.Combine(outbox, notice.Id + ".eml");
        try
        {
            DurableFiles.CreateFolders(home, outbox);
            DurableFiles.CreateExclusive(path, content.ToArray());
            var digest = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
            return Task.FromResult(string.Create(
                CultureInfo.InvariantCulture, $"{Path.GetRelativePath(home, path)} sha256 {digest}"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NoticeRefusedException("The outbox folder cannot be written.", isFinal: false, e);
        }
    }
}
