namespace IsaExchange.Datasets.Reading;

/// <summary>
/// What is wrong with the bytes of a file or with the shape of one record, before any field is looked at.
/// </summary>
public enum CsvFault
{
    None,

    /// <summary>A UTF-16 or UTF-32 byte order mark. The file cannot be read further.</summary>
    WideEncoding,

    /// <summary>A second UTF-8 byte order mark. The file cannot be read further.</summary>
    SecondByteOrderMark,

    /// <summary>The first bytes are those of a ZIP, Excel or PDF file, or of something packed twice. The file cannot be
    /// read further.</summary>
    NotText,

    /// <summary>The gzip file is damaged or cut, or something follows it. What came out of it is not to be
    /// used.</summary>
    PackedDamaged,

    /// <summary>More comes out of the gzip file than is taken. It was not unpacked further.</summary>
    PackedTooLarge,

    /// <summary>A NUL byte. The file cannot be read further.</summary>
    Nul,

    /// <summary>Bytes that are not UTF-8. The file cannot be read further.</summary>
    NotUtf8,

    /// <summary>Bytes that are not UTF-8 but fit Windows-1252. The file cannot be read further.</summary>
    Windows1252,

    /// <summary>No record ends within the limit. The file cannot be read further.</summary>
    RecordTooLong,

    /// <summary>A quote opens a field and nothing closes it. The file cannot be read further.</summary>
    QuoteNeverClosed,

    /// <summary>A quote inside a field that does not begin with one.</summary>
    QuoteInField,

    /// <summary>Text between a closing quote and the next comma.</summary>
    TextAfterQuote,

    /// <summary>An empty line. It is no record and is not counted.</summary>
    BlankLine,
}

/// <summary>How the lines of a file end.</summary>
public enum CsvLineEnds
{
    /// <summary>There is no line end yet.</summary>
    None,
    LineFeed,
    CarriageReturn,
    CarriageReturnLineFeed,
    Mixed,
}
