namespace IsaExchange.Datasets.Reading;

/// <summary>A file of the authority's own, opened as CSV whatever it comes as: plain, gzip, or a workbook.</summary>
public static class SourceFile
{
    /// <summary>Whether the file is a workbook, of which the exchange takes only what is made from it.</summary>
    public static bool IsWorkbook(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        Span<byte> start = stackalloc byte[4];
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length
            && WorkbookContent.Is(start);
    }

    /// <returns>Its bytes as CSV, read forward; whoever disposes it closes the file.</returns>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="PackedContentException">It is packed and damaged, or more than the budget.</exception>
    public static Stream Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        try
        {
            Span<byte> start = stackalloc byte[4];
            var length = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            file.Position = 0;
            if (WorkbookContent.Is(start[..length]))
                return new OwningStream(WorkbookContent.Open(file), file);
            return GzipContent.Is(start[..length]) ? new OwningStream(new GzipContent(file), file) : file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
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
