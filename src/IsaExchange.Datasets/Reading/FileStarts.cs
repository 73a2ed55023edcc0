namespace IsaExchange.Datasets.Reading;

/// <summary>What the first bytes of a file say it is.</summary>
enum FileStart
{
    Text,
    ByteOrderMark,
    SecondByteOrderMark,
    WideEncoding,
    NotText,
}

static class FileStarts
{
    static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    public static FileStart Recognise(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(ByteOrderMark))
            return AfterMark(bytes[ByteOrderMark.Length..]);
        if (IsWide(bytes))
            return FileStart.WideEncoding;
        return IsPackage(bytes) ? FileStart.NotText : FileStart.Text;
    }

    /// <summary>
    /// The library would take a mark of UTF-16 behind ours for that of the file, and read another text than was sent.
    /// </summary>
    static FileStart AfterMark(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(ByteOrderMark))
            return FileStart.SecondByteOrderMark;
        return IsWide(bytes) ? FileStart.WideEncoding : FileStart.ByteOrderMark;
    }

    /// <summary>UTF-16 and UTF-32, by their mark or, without one, by the NUL beside the first character.</summary>
    static bool IsWide(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith<byte>([0xFF, 0xFE]) || bytes.StartsWith<byte>([0xFE, 0xFF])
        || bytes.StartsWith<byte>([0, 0, 0xFE, 0xFF])
        || (bytes.Length >= 4 && bytes[0] != 0 && bytes[1] == 0 && bytes[2] != 0 && bytes[3] == 0)
        || (bytes.Length >= 4 && bytes[0] == 0 && bytes[1] != 0 && bytes[2] == 0 && bytes[3] != 0);

    /// <summary>ZIP (and so XLSX, ODS), old Excel, gzip (packed twice), zstd, PDF, Parquet.</summary>
    static bool IsPackage(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("PK\x03\x04"u8) || bytes.StartsWith<byte>([0xD0, 0xCF, 0x11, 0xE0])
        || GzipContent.Is(bytes) || bytes.StartsWith<byte>([0x28, 0xB5, 0x2F, 0xFD])
        || bytes.StartsWith("%PDF-"u8) || bytes.StartsWith("PAR1"u8);
}
