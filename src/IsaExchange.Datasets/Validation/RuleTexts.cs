namespace IsaExchange.Datasets.Validation;

public static partial class Rules
{
    // F0xx: the file as bytes and lines.
    internal static readonly RuleDefinition EmptyFile = Error("F001", "The file is empty",
        "The file holds no header.",
        "Export the file again. When there is nothing to report, make a nil return.");

    internal static readonly RuleDefinition NoRecords = Error("F002", "No records",
        "The file holds a header and no records; an empty table is not a nil return.",
        "Export the file again. When there is nothing to report, make a nil return.");

    internal static readonly RuleDefinition WideEncoding = Error("F003", "UTF-16 or UTF-32",
        "The file is encoded in UTF-16 or UTF-32; reading stopped here.",
        "Save it as \"CSV UTF-8 (comma delimited)\".");

    internal static readonly RuleDefinition NotText = Error("F004", "Not a text file",
        "The file is a workbook, an archive or a document, not CSV; reading stopped here.",
        "Unpack it, or save the sheet as \"CSV UTF-8 (comma delimited)\".");

    internal static readonly RuleDefinition NulByte = Error("F005", "NUL byte",
        "The file holds a NUL byte: it is damaged, binary or UTF-16; reading stopped here.",
        "Export the file again as \"CSV UTF-8 (comma delimited)\".");

    internal static readonly RuleDefinition NotUtf8 = Error("F006", "Not UTF-8",
        "These bytes are not valid UTF-8; reading stopped here.",
        "Export the file again as \"CSV UTF-8 (comma delimited)\".");

    internal static readonly RuleDefinition Windows1252 = Error("F007", "Windows-1252 suspected",
        "These bytes are not UTF-8 but fit Windows-1252, the default of older spreadsheets; reading stopped "
        + "here.",
        "Save it as \"CSV UTF-8 (comma delimited)\", not as \"CSV\".");

    internal static readonly RuleDefinition SecondByteOrderMark = Error("F008", "Two byte order marks",
        "The file begins with two byte order marks: it was marked twice or glued together; reading stopped "
        + "here.",
        "Remove the second mark, or export the file again.");

    internal static readonly RuleDefinition ByteOrderMark = Define("F009", Severity.Info, "Byte order mark",
        "The file begins with a UTF-8 byte order mark, which was removed.",
        "Nothing needs to be done.");

    internal static readonly RuleDefinition RecordTooLong = Error("F010", "Record too long",
        "No record ends within the limit; reading stopped here.",
        "Check that the file has line ends.");

    internal static readonly RuleDefinition QuoteNeverClosed = Error("F011", "Quote never closed",
        "A quote opens this field and nothing closes it; reading stopped here.",
        "Close the quote, or remove it. A quote inside a quoted field is doubled.");

    internal static readonly RuleDefinition QuoteInField = Error("F012", "Quote inside a field",
        "A quote stands inside a field that does not begin with one.",
        "Quote the whole field and double the quotes in it, or remove them.");

    internal static readonly RuleDefinition TextAfterQuote = Error("F013", "Text after a closing quote",
        "Text follows the closing quote of this field; perhaps the quote that opens it was never meant.",
        "Double the quotes inside a quoted field, or remove the stray one.");

    internal static readonly RuleDefinition BlankLine = Error("F014", "Blank line",
        "The line is empty.",
        "Remove it.");

    internal static readonly RuleDefinition TooFewFields = Error("F015", "Too few fields",
        "The record has fewer fields than the header.",
        "Add the missing fields; an unknown value is an empty field.");

    internal static readonly RuleDefinition TooManyFields = Error("F016", "Too many fields",
        "The record has more fields than the header.",
        "Quote fields that hold a comma, or remove the extra fields.");

    internal static readonly RuleDefinition MixedLineEnds = Error("F017", "Mixed line ends",
        "The lines of the file end in different ways: it was glued together or damaged on the way.",
        "Export the file again, or save it with one kind of line end.");

    internal static readonly RuleDefinition CarriageReturnOnly = Error("F018", "Lines end with a carriage return alone",
        "The lines end as on classic Macintosh systems.",
        "Save the file as \"CSV UTF-8 (comma delimited)\", not \"CSV (Macintosh)\".");

    internal static readonly RuleDefinition ControlCharacter = Error("F019", "Control or invisible character",
        "The value holds a control character, or one that is invisible or turns the direction of writing.",
        "Remove it.");

    internal static readonly RuleDefinition FieldTooLong = Error("F020", "Field too long",
        "The value exceeds the limit of any field.",
        "Check for a missing quote or line end.");

    internal static readonly RuleDefinition TooManyColumns = Error("F021", "Too many columns",
        "The header has more columns than any dataset; reading stopped here.",
        "Send only the columns of the dataset.");

    internal static readonly RuleDefinition PackedDamaged = Error("F022", "Packed file damaged",
        "The gzip file is damaged, cut short, or something follows its one member; nothing of it is used.",
        "Pack the file again, one file into one, and compare the sizes before it is sent.");

    internal static readonly RuleDefinition PackedTooLarge = Error("F023", "Packed file too large",
        "More comes out of the gzip file than a dataset may hold, or far more than tables do; it was not unpacked "
        + "further.",
        "Check what was packed. Send a larger dataset in parts, by area.");

    // H1xx: the header.
    internal static readonly RuleDefinition BlankHeader = Error("H101", "Column without a name",
        "A column of the header has no name.",
        "Remove the column; a trailing comma makes an extra one.");

    internal static readonly RuleDefinition DuplicateHeader = Error("H102", "Column named twice",
        "A column is named twice.",
        "Keep one of them.");

    internal static readonly RuleDefinition MissingColumn = Error("H103", "Column missing",
        "A column of the dataset is missing.",
        "Add the column. Where values may be empty, the column must still be there.");

    internal static readonly RuleDefinition AlmostHeader = Error("H104", "Column name differs in case or spaces",
        "The column differs from the name in the specification by case or spaces only.",
        "Write the name exactly as the specification does.");

    internal static readonly RuleDefinition NoKnownColumn = Error("H105", "No header",
        "The first line names no column of the dataset; reading stopped here.",
        "Make the first line the column names of the specification; isax prepare makes a dataset of the export of a "
        + "source system.");

    internal static readonly RuleDefinition WrongSeparator = Error("H106", "Separator is not a comma",
        "The columns are separated by something other than a comma; reading stopped here.",
        "Save the file with commas.");

    // T2xx types, C3xx code lists, P6xx period, Q7xx plausibility.
    internal static readonly RuleDefinition ValueMissing = Error("T201", "Value missing",
        "A value is required here.",
        "Fill it in.");

    internal static readonly RuleDefinition NotDate = Error("T202", "Not a date",
        "The value is not a date.",
        "Write yyyy-MM-dd.");

    internal static readonly RuleDefinition NotMonth = Error("T203", "Not a month",
        "The value is not a month.",
        "Write yyyy-MM.");

    internal static readonly RuleDefinition NotTime = Error("T204", "Not a time",
        "The value is not a time of day.",
        "Write HH:MM; leave it empty when it is unknown.");

    internal static readonly RuleDefinition NotWhole = Error("T205", "Not a whole number",
        "The value is not a whole number.",
        "Write digits only, without leading zeros, separators or signs.");

    internal static readonly RuleDefinition OutOfRange = Error("T206", "Number out of range",
        "The number is outside its bounds.",
        "Correct the number.");

    internal static readonly RuleDefinition NotOutward = Error("T207", "Not an outward postcode",
        "The value is not the outward part of a postcode.",
        "Write the part before the space only, such as the district part.");

    internal static readonly RuleDefinition TooLong = Error("T208", "Value too long",
        "The value is longer than any value of this field.",
        "Correct the value.");

    internal static readonly RuleDefinition NotInCategories = Error("C301", "Code unknown",
        "The code is not one of those the specification lists for this field.",
        "Use a code of the specification.");

    internal static readonly RuleDefinition NotInCodeList = Error("C302", "Code not in the code list",
        "The code is not in the edition of the code list that is in force for the period.",
        "Correct the code, or ask your liaison officer to have the list updated, then send again.");

    internal static readonly RuleDefinition OtherEdition = Error("C303", "Code of another edition",
        "The code is of an edition of the code list that is not in force for the period.",
        "Map the codes at the source; isax prepare does where the list says what became of them.");

    internal static readonly RuleDefinition OutsidePeriod = Error("P601", "Outside the period",
        "The date lies outside the information period.",
        "Move the record to the submission of its own period.");

    internal static readonly RuleDefinition OldDate = Query("Q701", "Very old date",
        "The date lies more than 15 years before the period.",
        "Confirm that it is the date of the event and not of a birth.");

    // X4xx: several fields of a record, and the areas of the submission.
    internal static readonly RuleDefinition OutsideAreas = Query("X401", "Outside the areas of the submission",
        "The record belongs to none of the areas this submission is for.",
        "Explain why it is sent, or add the area to the submission.");

    internal static readonly RuleDefinition NoLocation = Query("X402", "No location",
        "The record has no location, so it counts for no area.",
        "Explain why the location is unknown, or add it.");

    internal static readonly RuleDefinition NotInside = Query("X403", "Location outside its area",
        "The location lies outside the area of the record.",
        "Explain, or correct the area or the location.");

    internal static readonly RuleDefinition DoesNotBelong = Error("X404", "Codes do not belong together",
        "The code belongs to another group than the record says.",
        "Correct the code or its group.");

    internal static readonly RuleDefinition DateOrder = Error("X405", "Dates in the wrong order",
        "The date lies before the one it must follow.",
        "Correct the dates.");

    internal static readonly RuleDefinition MustBeFilled = Error("X406", "Value missing",
        "The value is required because of another field of the record.",
        "Fill it in, or correct the other field.");

    internal static readonly RuleDefinition MustBeEmpty = Error("X407", "Value not expected",
        "The value must be empty because of another field of the record.",
        "Empty it, or correct the other field.");

    internal static readonly RuleDefinition SequenceBroken = Error("X408", "Records not counted 1 to n",
        "The number does not follow that of the record before it.",
        "Number the records 1 to n without gaps, in the order of the file.");

    internal static readonly RuleDefinition TotalTooLow = Error("X409", "Numbers add up to too little",
        "The numbers of the record add up to less than a record stands for.",
        "Correct the numbers, or leave the record out.");

    internal static readonly RuleDefinition NeverTogether = Error("X410", "Value that must not go with another",
        "The value may not be sent together with what another field of the record says: the two may tell who it was.",
        "Empty it and send the record without it.");

    internal static readonly RuleDefinition CountedTwice = Error("X411", "Counted twice",
        "An earlier record of the file gives the count of the same area and codes.",
        "Send one record for each area and combination of codes.");

    internal static readonly RuleDefinition FilledOutOfTurn = Error("X412", "Filled before the one it follows",
        "The value may be given only when another field of the record is filled, and that one is empty.",
        "Give it in the other field, or fill in the other field as well.");

    // D5xx: what must never be in a submission.
    internal static readonly RuleDefinition UnknownColumn = Error("D501", "Column outside the specification",
        "The column is not part of the dataset; the minimum that is required is the maximum that may be sent.",
        "Remove the column before sending.");

    internal static readonly RuleDefinition PersonalColumn = Error("D502", "Column that speaks of a person",
        "The column is not part of the dataset and its name speaks of a person.",
        "Remove the column before sending.");

    internal static readonly RuleDefinition FullPostcode = Error("D503", "Full postcode",
        "The value holds a full postcode.",
        "Send only what the specification allows: the outward part, or the area code.");

    internal static readonly RuleDefinition PostcodeSector = Error("D504", "Postcode sector",
        "The value holds a postcode sector where the outward part is due.",
        "Remove the digit after the space.");

    internal static readonly RuleDefinition NhsNumber = Error("D505", "NHS number",
        "The value holds an NHS number.",
        "Remove it before sending.");

    internal static readonly RuleDefinition EmailAddress = Error("D506", "E-mail address",
        "The value holds an e-mail address.",
        "Remove it before sending.");

    internal static readonly RuleDefinition PhoneNumber = Error("D507", "Telephone number",
        "The value holds a telephone number.",
        "Remove it before sending.");

    internal static readonly RuleDefinition BirthDate = Error("D508", "Date that may be a birth",
        "The date lies so far before the period that it may be a date of birth.",
        "Remove it before sending.");

    internal static readonly RuleDefinition PersistentHash = Error("D509", "Persistent hash",
        "The value is a hash: the same in every file, so it links records and people.",
        "Remove it before sending.");

    internal static readonly RuleDefinition NationalInsuranceNumber = Error("D510", "National Insurance number",
        "The value holds a National Insurance number.",
        "Remove it before sending.");
}
