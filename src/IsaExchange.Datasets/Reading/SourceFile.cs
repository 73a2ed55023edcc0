namespace IsaExchange.Datasets.Reading;

/// <summary>A file of the authority's own, opened as CSV whatever it comes as: plain, gzip, or a workbook.</summary>
public static class SourceFile
{
    /// <summary>Whether the file is a workbook, of which the exchange takes only what is made from it.</summary>
    public static bool IsWorkbook(string path)
    {
        using var file = OpenFile(path);
        return WorkbookContent.Is(StartOf(file));
    }

    /// <returns>Its bytes as CSV, read forward; whoever disposes it closes the file.</returns>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="PackedContentException">It is packed and damaged, or more than the budget.</exception>
    public static Stream Open(string path)
    {
        var file = OpenFile(path);
        try
        {
            var start = StartOf(file);
            if (WorkbookContent.Is(start))
                return new OwningStream(WorkbookContent.Open(file), file);
            return GzipContent.Is(start) ? new OwningStream(new GzipContent(file), file) : file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    static FileStream OpenFile(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);

    /// <summary>The first bytes of the file, which then stands at its beginning again.</summary>
    static byte[] StartOf(FileStream file)
    {
        var start = new byte[4];
        var length = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return start[..length];
    }

    sealed class OwningStream(Stream content, FileStream file) : ForwardStream
    {
        public override int Read(Span<byte> buffer) => content.Read(buffer);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                content.Dispose();
                file.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
