using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;

namespace IsaExchange.Exchange.Storage;

/// <summary>
/// Objects in a local folder, private to the account of the service (files 0600, folders 0700). Whoever can write in
/// the folder can destroy objects, but can neither read nor alter one unnoticed: they are sealed. Layout:
/// <see cref="FolderLayout"/>.
/// <para>
/// Everything is made in <c>new/</c>, synced, and then renamed into place: a folder appears whole or not at all, and
/// renaming onto a taken name fails, which makes creation exclusive. Several processes may use one folder.
/// </para>
/// </summary>
public sealed class FolderObjectStore : IObjectStore
{
    const int MaxHeaderLength = 64 * 1024;

    readonly FolderLayout layout;
    readonly Action<SafeFileHandle, string> sync;

    /// <summary>Opens the store, making the folder when it is missing.</summary>
    public FolderObjectStore(string root)
        : this(root, DurableFiles.Sync)
    {
    }

    /// <param name="root">The folder of the store.</param>
    /// <param name="sync">Flushes a payload; tests put a failing medium here.</param>
    internal FolderObjectStore(string root, Action<SafeFileHandle, string> sync)
    {
        layout = new FolderLayout(root);
        this.sync = sync;
    }

    /// <inheritdoc/>
    public Task<IStagedObject> StageAsync(string stagingName, ReadOnlyMemory<byte> header, CancellationToken ct) =>
        OnDisk<IStagedObject>(() => Stage(stagingName, header.Span), ct);

    /// <inheritdoc/>
    public Task<StoredObject?> ReadStagedAsync(string stagingName, CancellationToken ct) =>
        OnDisk(() => Read(layout.StagedOf(stagingName)), ct);

    /// <inheritdoc/>
    public Task PromoteAsync(string stagingName, ObjectName to, ReadOnlyMemory<byte> header, CancellationToken ct) =>
        OnDisk(() => Promote(stagingName, to, header.Span), ct);

    /// <inheritdoc/>
    public Task DiscardStagedAsync(string stagingName, CancellationToken ct) =>
        OnDisk(() => DestroyStaged(stagingName), ct);

    /// <inheritdoc/>
    public Task<StoredObject> OpenAsync(ObjectName name, CancellationToken ct) =>
        OnDisk(() => Read(layout.Of(name)) ?? throw new ObjectNotFoundException(name), ct);

    /// <inheritdoc/>
    public Task PutAsync(
        ObjectName name, ReadOnlyMemory<byte> header, ReadOnlyMemory<byte> payload, CancellationToken ct) =>
        OnDisk(() => Put(name, header.Span, payload.Span), ct);

    /// <inheritdoc/>
    public Task DeleteAsync(ObjectName name, CancellationToken ct) => OnDisk(
        () =>
        {
            Destroy(layout.Of(name));
            SweepNew(FolderLayout.KeyOf(name));
        },
        ct);

    /// <inheritdoc/>
    public Task SweepAsync(DateTimeOffset before, CancellationToken ct) => OnDisk(() => Sweep(before.UtcDateTime), ct);

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> ListStagedAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var folders = await OnDisk(() => Directory.GetDirectories(layout.Staging), ct);
        var names = folders.Where(HasHeader).Select(folder => Path.GetFileName(folder));
        foreach (var name in names.Order(StringComparer.Ordinal))
        {
            ct.ThrowIfCancellationRequested();
            yield return name;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectName> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var name in await OnDisk(() => NamesUnder(prefix), ct))
        {
            ct.ThrowIfCancellationRequested();
            yield return name;
        }
    }

    FolderStagedObject Stage(string stagingName, ReadOnlySpan<byte> header)
    {
        CheckHeader(header);
        // From here on the name is burnt, whatever happens next: an attempt that crashes takes another.
        Claim(stagingName);
        var made = layout.CreateNew(FolderLayout.KeyOfStaging(stagingName));
        Write(made, header, payload: default);
        var staged = layout.StagedOf(stagingName);
        if (DurableFiles.MoveFolder(made, staged) != FolderMove.Moved)
            throw new InvalidOperationException($"The staging name {stagingName} was claimed, so its folder is free.");
        return new FolderStagedObject(FolderLayout.PayloadIn(staged), sync);
    }

    void Claim(string stagingName)
    {
        var claim = layout.UsedOf(stagingName);
        try
        {
            DurableFiles.CreateNew(claim, content: default);
        }
        catch (IOException fault) when (fault is not StorageFaultException)
        {
            if (File.Exists(claim))
                throw new StagingExistsException(stagingName);
            throw StorageFaultException.Of("create", claim, fault);
        }

        DurableFiles.SyncFolder(layout.Used);
    }

    void Promote(string stagingName, ObjectName to, ReadOnlySpan<byte> header)
    {
        CheckHeader(header);
        // The staged object is not touched until the commit: after a crash it can be read, promoted or discarded as
        // before.
        var committed = TryMakeFromStaged(stagingName, to, header);
        // Not ours: either we are the repetition of a commit that happened, or somebody else's object stands there.
        if (!committed && !StandsWith(to, header))
        {
            throw HasHeader(layout.Of(to)) || HasHeader(layout.StagedOf(stagingName))
                ? new ObjectExistsException(to)
                : new StagingNotFoundException(stagingName);
        }

        // A crash before this leaves the staged header beside the object: repeating the promotion removes it.
        DestroyStaged(stagingName);
    }

    bool TryMakeFromStaged(string stagingName, ObjectName to, ReadOnlySpan<byte> header)
    {
        var staged = layout.StagedOf(stagingName);
        if (!HasHeader(staged))
            return false;
        var made = layout.CreateNew(FolderLayout.KeyOfStaging(stagingName));
        try
        {
            DurableFiles.CreateNew(FolderLayout.HeaderIn(made), header);
            // A second name for the same bytes: the payload is neither copied nor taken away from the staging.
            DurableFiles.TryLink(FolderLayout.PayloadIn(staged), FolderLayout.PayloadIn(made));
            DurableFiles.SyncFolder(made);
            if (Commit(made, to))
                return true;
        }
        catch (IOException fault) when (IsGone(fault))
        {
            // A concurrent promotion of the same staging has finished and swept: the caller looks who won.
        }

        Destroy(made);
        return false;
    }

    void Put(ObjectName name, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        CheckHeader(header);
        var made = layout.CreateNew(FolderLayout.KeyOf(name));
        Write(made, header, payload);
        if (Commit(made, name))
            return;
        Destroy(made);
        if (!StandsWith(name, header))
            throw new ObjectExistsException(name);
    }

    /// <summary>The commit point: before it there is no object, after it there is a whole one.</summary>
    bool Commit(string made, ObjectName to)
    {
        var target = layout.Of(to);
        DurableFiles.CreateFolders(layout.Objects, Path.GetDirectoryName(target)!);
        return DurableFiles.MoveFolder(made, target) == FolderMove.Moved;
    }

    void DestroyStaged(string stagingName)
    {
        Destroy(layout.StagedOf(stagingName));
        SweepNew(FolderLayout.KeyOfStaging(stagingName));
    }

    void SweepNew(string key)
    {
        foreach (var left in layout.LeftInNew(key))
            Destroy(left);
    }

    void Sweep(DateTime before)
    {
        // A staged folder appears with its header: one without is half discarded.
        var discarded = Directory.EnumerateDirectories(layout.Staging).Where(folder => !HasHeader(folder));
        foreach (var folder in Directory.EnumerateDirectories(layout.New).Concat(discarded))
        {
            // Younger ones may be another process's, in the making.
            if (Directory.GetLastWriteTimeUtc(folder) < before)
                Destroy(folder);
        }
    }

    static void Destroy(string folder)
    {
        if (!Directory.Exists(folder))
            return;
        try
        {
            // The key first, and durably: a crash after this leaves bytes that nobody can open.
            File.Delete(FolderLayout.HeaderIn(folder));
            DurableFiles.SyncFolder(folder);
            File.Delete(FolderLayout.PayloadIn(folder));
            Directory.Delete(folder, recursive: false);
            DurableFiles.SyncFolder(Path.GetDirectoryName(folder)!);
        }
        catch (IOException fault) when (IsGone(fault))
        {
            // Somebody else destroyed the same thing; it is gone all the same.
        }
    }

    static void Write(string folder, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        DurableFiles.CreateNew(FolderLayout.HeaderIn(folder), header);
        DurableFiles.CreateNew(FolderLayout.PayloadIn(folder), payload);
        DurableFiles.SyncFolder(folder);
    }

    static StoredObject? Read(string folder)
    {
        try
        {
            var header = ReadHeader(folder);
            var payload = new FileStream(
                FolderLayout.PayloadIn(folder),
                new FileStreamOptions
                {
                    Share = FileShare.ReadWrite | FileShare.Delete,
                    BufferSize = 0,
                    Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
                });
            return new StoredObject(header, payload, payload.Length);
        }
        catch (IOException fault) when (IsGone(fault))
        {
            return null;
        }
    }

    static byte[] ReadHeader(string folder)
    {
        var path = FolderLayout.HeaderIn(folder);
        var length = new FileInfo(path).Length;
        return length <= MaxHeaderLength
            ? File.ReadAllBytes(path)
            : throw StorageFaultException.Because($"{path} is longer than a header can be.", "EFBIG");
    }

    bool StandsWith(ObjectName name, ReadOnlySpan<byte> header)
    {
        var folder = layout.Of(name);
        try
        {
            if (!HasHeader(folder) || !ReadHeader(folder).AsSpan().SequenceEqual(header))
                return false;

            // Whoever committed it may have crashed between the rename and this: only now may it be relied on.
            DurableFiles.SyncFolder(Path.GetDirectoryName(folder)!);
            return true;
        }
        catch (IOException fault) when (IsGone(fault))
        {
            return false;
        }
    }

    List<ObjectName> NamesUnder(string prefix)
    {
        var names = new List<ObjectName>();
        // No links: whoever planted one in the folder does not get to show us another.
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            AttributesToSkip = FileAttributes.ReparsePoint,
        };
        foreach (var folder in Directory.EnumerateDirectories(layout.Objects, $"*{FolderLayout.ObjectMark}", options))
        {
            var name = Path.GetRelativePath(layout.Objects, folder)[..^1].Replace(Path.DirectorySeparatorChar, '/');
            if (name.StartsWith(prefix, StringComparison.Ordinal) && HasHeader(folder))
                names.Add(new ObjectName(name));
        }

        names.Sort((one, other) => string.CompareOrdinal(one.Value, other.Value));
        return names;
    }

    Task<bool> OnDisk(Action work, CancellationToken ct) => OnDisk(
        () =>
        {
            work();
            return true;
        },
        ct);

    /// <summary>Runs blocking work off the caller's thread; every error of the medium leaves under one type.</summary>
    async Task<T> OnDisk<T>(Func<T> work, CancellationToken ct)
    {
        try
        {
            return await Task.Run(work, ct);
        }
        catch (IOException fault) when (fault is not StorageFaultException)
        {
            throw StorageFaultException.Of("object store", layout.Root, fault);
        }
    }

    static bool HasHeader(string folder) => File.Exists(FolderLayout.HeaderIn(folder));

    static bool IsGone(IOException fault) =>
        fault is FileNotFoundException or DirectoryNotFoundException or StorageFaultException { ErrorName: "ENOENT" };

    static void CheckHeader(ReadOnlySpan<byte> header)
    {
        if (header.Length is 0 or > MaxHeaderLength)
            throw new ArgumentException($"A header has 1 to {MaxHeaderLength} bytes.", nameof(header));
    }
}
