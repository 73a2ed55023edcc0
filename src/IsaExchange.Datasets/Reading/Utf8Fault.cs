using System.Buffers;
using System.Text;

namespace IsaExchange.Datasets.Reading;

/// <summary>Where text stops being UTF-8, and whether a spreadsheet's "CSV" export explains it.</summary>
static class Utf8Fault
{
    /// <param name="text">Bytes that are not valid UTF-8.</param>
    /// <param name="at">Offset of the first byte that is not.</param>
    public static bool IsLikelyWindows1252(ReadOnlySpan<byte> text, out int at)
    {
        at = 0;
        while (at < text.Length)
        {
            if (Rune.DecodeFromUtf8(text[at..], out _, out var length) != OperationStatus.Done)
                break;
            at += length;
        }

        // Windows-1252 writes one byte between ASCII letters; a broken UTF-8 sequence is followed by more of its bytes.
        return at < text.Length && IsWindows1252(text[at]) && at + 1 < text.Length && text[at + 1] < 0x80;
    }

    static bool IsWindows1252(byte b) => b >= 0x80 && b is not (0x81 or 0x8D or 0x8F or 0x90 or 0x9D);
}
