using IsaExchange.Datasets.Reading;
using IsaExchange.Datasets.Validation;

namespace IsaExchange.Cli.Commands;

/// <summary>The first sheet of a workbook as a CSV file that only this user can read, gone with this object.</summary>
sealed class Sheet : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("isax-sheet-");

    Sheet(FileInfo workbook) =>
        Csv = new FileInfo(Path.Combine(_folder.FullName, Path.ChangeExtension(workbook.Name, ".csv")));

    public FileInfo Csv { get; }

    /// <summary>Null for whatever is no workbook. The same workbook gives the same bytes: a send that was cut off goes
    /// on.</summary>
    public static Sheet? Of(FileInfo file)
    {
        if (!SourceFile.IsWorkbook(file.FullName))
            return null;
        var sheet = new Sheet(file);
        try
        {
            using var content = SourceFile.Open(file.FullName);
            using var csv = sheet.Csv.Create();
            content.CopyTo(csv);
            return sheet;
        }
        catch (PackedContentException packed)
        {
            sheet.Dispose();
            throw Unreadable(file.FullName, packed);
        }
        catch
        {
            sheet.Dispose();
            throw;
        }
    }

    public static VerbException Unreadable(string path, PackedContentException packed)
    {
        var rule = Rules.Of(packed.Fault);
        return new VerbException(ExitCode.ValidationErrors, $"{path}: {rule.Sentence}", rule.Remedy, packed);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
