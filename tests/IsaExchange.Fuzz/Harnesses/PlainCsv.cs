using System.Text.Unicode;

namespace IsaExchange.Fuzz.Harnesses;

/// <summary>
/// RFC 4180 read the slow way, a byte at a time from an array: a second opinion on every file. A line ends with LF, CR
/// or CR LF, and one without anything is no record.
/// </summary>
static class PlainCsv
{
    const byte Quote = (byte)'"';

    static ReadOnlySpan<byte> Mark => [0xEF, 0xBB, 0xBF];

    /// <summary>Records of fields; null when the file breaks a rule or a limit, or is no text.</summary>
    public static List<List<byte[]>>? Read(ReadOnlySpan<byte> file, int maxRecordBytes, int maxColumns)
    {
        if (file.StartsWith(Mark))
            file = file[Mark.Length..];
        if (file.StartsWith(Mark) || !Utf8.IsValid(file) || file.Contains((byte)0) || IsOtherFormat(file))
            return null;
        var records = new List<List<byte[]>>();
        for (var at = 0; at < file.Length;)
        {
            var start = at;
            if (ReadRecord(file, ref at) is not { } record || record.Count > maxColumns || at - start > maxRecordBytes)
                return null;
            if (at > start)
                records.Add(record);
            at += LineEndAt(file, at);
        }

        return records;
    }

    static bool IsOtherFormat(ReadOnlySpan<byte> file) =>
        file.StartsWith("PK\x03\x04"u8) || file.StartsWith("%PDF-"u8) || file.StartsWith("PAR1"u8);

    static List<byte[]>? ReadRecord(ReadOnlySpan<byte> file, ref int at)
    {
        var record = new List<byte[]>();
        while (true)
        {
            var field = at < file.Length && file[at] == Quote ? Quoted(file, ref at) : Bare(file, ref at);
            if (field is null)
                return null;
            record.Add(field);
            if (at == file.Length || file[at] != ',')
                return at == file.Length || LineEndAt(file, at) > 0 ? record : null;
            at++;
        }
    }

    static byte[]? Bare(ReadOnlySpan<byte> file, ref int at)
    {
        var start = at;
        while (at < file.Length && file[at] is not ((byte)',' or (byte)'\r' or (byte)'\n'))
        {
            if (file[at] == Quote)
                return null;
            at++;
        }

        return file[start..at].ToArray();
    }

    /// <summary>Leaves off behind the quote that closes the field; null when none does.</summary>
    static byte[]? Quoted(ReadOnlySpan<byte> file, ref int at)
    {
        var field = new List<byte>();
        for (at++; at < file.Length; at++)
        {
            if (file[at] == Quote)
            {
                at++;
                if (at == file.Length || file[at] != Quote)
                    return [.. field];
            }

            field.Add(file[at]);
        }

        return null;
    }

    static int LineEndAt(ReadOnlySpan<byte> file, int at)
    {
        if (at >= file.Length || file[at] is not ((byte)'\r' or (byte)'\n'))
            return 0;
        return file[at] == '\r' && at + 1 < file.Length && file[at + 1] == '\n' ? 2 : 1;
    }
}
