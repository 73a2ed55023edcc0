namespace IsaExchange.Datasets;

/// <summary>Files that a reader finds whole or not at all, whatever happens while they are written.</summary>
static class WholeFile
{
    public static void Write(string path, byte[] content)
    {
        var part = $"{path}.{Guid.NewGuid():N}.part";
        try
        {
            File.WriteAllBytes(part, content);
            File.Move(part, path, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }
}
