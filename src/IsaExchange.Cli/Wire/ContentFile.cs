using System.Security.Cryptography;

namespace IsaExchange.Cli.Wire;

/// <summary>The file to send, measured once before it is sent: what is declared is what must arrive.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Of the whole file.</param>
sealed record ContentFile(string Path, long Size, byte[] Sha256)
{
    const int MeasuredAtOnce = 256 * 1024;

    public static async Task<ContentFile> Measure(FileInfo file, CancellationToken stop)
    {
        await using var stream = Open(file.FullName);
        return new ContentFile(file.FullName, stream.Length, await Digest(stream, stop));
    }

    // By larger steps than SHA256.HashDataAsync, which reads 4 KiB at a time.
    static async Task<byte[]> Digest(FileStream content, CancellationToken stop)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[MeasuredAtOnce];
        int count;
        while ((count = await content.ReadAsync(buffer, stop)) > 0) hash.AppendData(buffer.AsSpan(0, count));
        return hash.GetHashAndReset();
    }

    public string Sha256Hex => Convert.ToHexStringLower(Sha256);

    public FileStream Open() => Open(Path);

    // No sharing for writers: a file that changes under an upload is a fault to be told, not sent.
    static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.Open,
                Access = FileAccess.Read,
                Share = FileShare.Read,
                BufferSize = 0,
                Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VerbException(ExitCode.Usage, $"{path} cannot be read: {e.Message}", inner: e);
        }
    }
}
