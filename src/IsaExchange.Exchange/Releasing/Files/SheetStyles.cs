using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;

namespace IsaExchange.Exchange.Releasing.Files;

/// <summary>The formats of cells, by their place in the stylesheet.</summary>
static class SheetStyles
{
    public const uint Number = 1;
    public const uint Day = 2;

    /// <summary>Text is text, also after somebody has edited it.</summary>
    public const uint Text = 3;

    /// <summary>As <see cref="Text"/>, with the sign that a spreadsheet itself puts before what is no
    /// formula.</summary>
    public const uint QuotedText = 4;

    public const uint WrappedText = 5;

    const uint WholeNumberFormat = 1; // "0": no separator of thousands, which differs from place to place
    const uint TextFormat = 49;       // "@"
    const uint DayFormat = 164;       // the first that is not built in

    public static void Write(WorkbookStylesPart part)
    {
        using var xml = OpenXmlWriter.Create(part);
        xml.WriteElement(new Stylesheet(
            new NumberingFormats(new NumberingFormat { NumberFormatId = DayFormat, FormatCode = "yyyy-mm-dd" }),
            new Fonts(new Font()),
            new Fills(
                new Fill(new PatternFill { PatternType = PatternValues.None }),
                new Fill(new PatternFill { PatternType = PatternValues.Gray125 })),
            new Borders(new Border()),
            new CellStyleFormats(new CellFormat()),
            new CellFormats(
                new CellFormat { FormatId = 0 },
                Of(WholeNumberFormat),
                Of(DayFormat),
                Of(TextFormat),
                new CellFormat
                {
                    FormatId = 0, NumberFormatId = TextFormat, ApplyNumberFormat = true, QuotePrefix = true,
                },
                new CellFormat(new Alignment { WrapText = true, Vertical = VerticalAlignmentValues.Top })
                {
                    FormatId = 0, NumberFormatId = TextFormat, ApplyNumberFormat = true, ApplyAlignment = true,
                }),
            new CellStyles(new CellStyle { Name = "Normal", FormatId = 0, BuiltinId = 0 })));
    }

    static CellFormat Of(uint format) => new() { FormatId = 0, NumberFormatId = format, ApplyNumberFormat = true };
}
