namespace IsaExchange.Cli.Wire;

/// <summary>
/// A file that appears under its name whole or not at all: it is written beside it and renamed at the end. After a
/// crash a file ending in .part may be left; nothing reads it and the next run replaces it.
/// </summary>
sealed class ArrivingFile : IAsyncDisposable
{
    readonly string _part;
    bool _arrived;

    ArrivingFile(string path, FileStream content)
    {
        Path = path;
        _part = path + ".part";
        Content = content;
    }

    public string Path { get; }

    public FileStream Content { get; }

    public static ArrivingFile Create(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        return new ArrivingFile(path, new FileStream(path + ".part", new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.Asynchronous,
        }));
    }

    public static async Task WriteText(string path, string text, CancellationToken stop)
    {
        await using var file = Create(path);
        await using (var writer = new StreamWriter(file.Content, leaveOpen: true))
            await writer.WriteAsync(text.AsMemory(), stop);
        await file.Arrive();
    }

    /// <summary>Puts the file under its name.</summary>
    public async Task Arrive()
    {
        await Content.DisposeAsync();
        File.Move(_part, Path, overwrite: true);
        _arrived = true;
    }

    public async ValueTask DisposeAsync()
    {
        if (_arrived) return;
        await Content.DisposeAsync();
        File.Delete(_part);
    }
}
