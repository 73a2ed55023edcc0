namespace IsaExchange.Datasets.Reading;

/// <summary>The quoting rules of RFC 4180 section 2 (5-7), for a field as it stands in the file.</summary>
static class QuotedField
{
    const byte Quote = (byte)'"';

    public static CsvFault Check(ReadOnlySpan<byte> raw)
    {
        if (raw.IsEmpty || raw[0] != Quote)
            return raw.Contains(Quote) ? CsvFault.QuoteInField : CsvFault.None;
        for (var at = 1; ; at += 2)
        {
            var next = raw[at..].IndexOf(Quote);
            if (next < 0)
                return CsvFault.QuoteNeverClosed;
            at += next;
            if (at == raw.Length - 1)
                return CsvFault.None;
            if (raw[at + 1] != Quote)
                return CsvFault.TextAfterQuote;
            if (at + 2 >= raw.Length)
                return CsvFault.QuoteNeverClosed;
        }
    }

    /// <summary>
    /// Where, in the head of a record, the quote stands that is still open at its end; -1 when none is.
    /// </summary>
    public static int OpenAt(ReadOnlySpan<byte> head, out int field)
    {
        field = 0;
        var opened = -1;
        var fieldStarts = true;
        for (var at = 0; at < head.Length; at++)
        {
            var b = head[at];
            if (opened >= 0)
            {
                if (b != Quote)
                    continue;
                // A quote that ends the head may be the first of a doubled one: the field counts as open.
                if (at + 1 < head.Length && head[at + 1] == Quote)
                    at++;
                else if (at + 1 < head.Length)
                    opened = -1;
            }
            else if (b == Quote && fieldStarts)
                opened = at;
            else if (b == ',')
                field++;
            fieldStarts = b == ',' && opened < 0;
        }

        return opened;
    }
}
