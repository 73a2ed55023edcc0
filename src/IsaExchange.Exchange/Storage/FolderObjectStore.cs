using System.Collections.Concurrent;
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
    const int DestroyTries = 5;

    readonly FolderLayout layout;
    readonly FolderHeaders headers;
    readonly ConcurrentDictionary<string, bool> durable = new(StringComparer.Ordinal);
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
        headers = new FolderHeaders(layout);
        this.sync = sync;
    }

    /// <inheritdoc/>
    public Task<IStagedObject> StageAsync(ObjectName name, ReadOnlyMemory<byte> header, CancellationToken ct) =>
        OnDisk<IStagedObject>(() => Stage(name, header.Span), ct);

    /// <inheritdoc/>
    public Task<StoredObject?> ReadStagedAsync(ObjectName name, CancellationToken ct) =>
        OnDisk(() => ReadStaged(name), ct);

    /// <inheritdoc/>
    public Task<StoredObject?> TakeOverAsync(ObjectName name, CancellationToken ct) => OnDisk(() => TakeOver(name), ct);

    /// <inheritdoc/>
    public Task PromoteAsync(ObjectName name, ReadOnlyMemory<byte> header, CancellationToken ct) =>
        OnDisk(() => Promote(name, header.Span), ct);

    /// <inheritdoc/>
    public Task DiscardStagedAsync(ObjectName name, CancellationToken ct) => OnDisk(() => DestroyStaged(name), ct);

    /// <inheritdoc/>
    public Task<StoredObject> OpenAsync(ObjectName name, CancellationToken ct) =>
        OnDisk(() => Read(layout.Of(name)) ?? throw new ObjectNotFoundException(name), ct);

    /// <inheritdoc/>
    public Task PutAsync(
        ObjectName name, ReadOnlyMemory<byte> header, ReadOnlyMemory<byte> payload, CancellationToken ct) =>
        OnDisk(() => Put(name, header.Span, payload.Span), ct);

    /// <inheritdoc/>
    public Task ReplaceHeaderAsync(
        ObjectName name, ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> replacement, CancellationToken ct) =>
        OnDisk(() => headers.Replace(name, expected.Span, replacement.Span), ct);

    /// <inheritdoc/>
    public Task DeleteAsync(ObjectName name, CancellationToken ct) => OnDisk(() => Delete(name), ct);

    /// <inheritdoc/>
    public Task SweepAsync(DateTimeOffset before, CancellationToken ct) => OnDisk(() => Sweep(before.UtcDateTime), ct);

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectName> ListStagedAsync([EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var name in await OnDisk(() => FolderLayout.NamesIn(layout.Staging, prefix: ""), ct))
        {
            ct.ThrowIfCancellationRequested();
            yield return name;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> ListForeignAsync([EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var name in await OnDisk(() => FolderLayout.ForeignIn(layout.Objects).ToList(), ct))
            yield return name;
        foreach (var name in await OnDisk(() => FolderLayout.ForeignIn(layout.Staging).ToList(), ct))
            yield return name;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectName> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var name in await OnDisk(() => FolderLayout.NamesIn(layout.Objects, prefix), ct))
        {
            ct.ThrowIfCancellationRequested();
            yield return name;
        }
    }

    FolderStagedObject Stage(ObjectName name, ReadOnlySpan<byte> header)
    {
        CheckHeader(header);
        // From here on the name is burnt, whatever happens next: an attempt that crashes takes another.
        Claim(name);
        var made = layout.CreateNew(FolderLayout.KeyOfStaging(name));
        Write(made, header, payload: default);
        var staged = layout.StagedOf(name);
        MakeFolders(layout.Staging, Path.GetDirectoryName(staged)!);
        if (DurableFiles.MoveFolder(made, staged) != FolderMove.Moved)
            throw new InvalidOperationException($"The name {name} was claimed, so its folder is free.");
        return new FolderStagedObject(name, staged, sync);
    }

    void Claim(ObjectName name)
    {
        if (HasHeader(layout.Of(name)))
            throw new StagingExistsException(name);
        var claim = layout.UsedOf(name);
        try
        {
            DurableFiles.CreateNew(claim, content: default);
        }
        catch (IOException fault) when (fault is not StorageFaultException)
        {
            if (File.Exists(claim))
                throw new StagingExistsException(name);
            throw StorageFaultException.Of("create", claim, fault);
        }

        DurableFiles.SyncFolder(layout.Used);
    }

    StoredObject? ReadStaged(ObjectName name) => ReadDurable(layout.StagedOf(name));

    /// <summary>Whatever is read here will be relied on.</summary>
    StoredObject? ReadDurable(string folder)
    {
        if (Read(folder) is not { Payload: FileStream payload } staged)
            return null;
        try
        {
            // A writer that was killed before its flush leaves bytes that can be read and are not durable yet.
            sync(payload.SafeFileHandle, payload.Name);
            return staged;
        }
        catch (IOException fault)
        {
            payload.Dispose();
            throw StorageFaultException.Of("flush", payload.Name, fault);
        }
    }

    StoredObject? TakeOver(ObjectName name)
    {
        var staged = layout.StagedOf(name);
        if (!HasHeader(staged))
            return null;
        try
        {
            // The mark before the read: FolderStagedObject.Append relies on it.
            DurableFiles.OpenPrivate(FolderLayout.TakenIn(staged), FileShare.ReadWrite).Dispose();
        }
        catch (IOException fault) when (IsGone(fault))
        {
            return null;
        }

        return ReadDurable(staged);
    }

    void Promote(ObjectName name, ReadOnlySpan<byte> header)
    {
        CheckHeader(header);
        // The staged object is not touched until the commit: after a crash it can be read, promoted or discarded as
        // before.
        var committed = TryMakeFromStaged(name, header);
        // Not ours: either we are the repetition of a commit that happened, or somebody else's object stands there.
        if (!committed && !StandsWith(name, header))
        {
            throw HasHeader(layout.Of(name)) || HasHeader(layout.StagedOf(name))
                ? new ObjectExistsException(name)
                : new StagingNotFoundException(name);
        }

        // A crash before this leaves the staged header beside the object: repeating the promotion removes it.
        DestroyStaged(name);
    }

    bool TryMakeFromStaged(ObjectName name, ReadOnlySpan<byte> header)
    {
        var staged = layout.StagedOf(name);
        if (!HasHeader(staged))
            return false;
        var made = layout.CreateNew(FolderLayout.KeyOfStaging(name));
        try
        {
            DurableFiles.CreateNew(FolderLayout.HeaderIn(made), header);
            // A second name for the same bytes: the payload is neither copied nor taken away from the staging.
            DurableFiles.TryLink(FolderLayout.PayloadIn(staged), FolderLayout.PayloadIn(made));
            DurableFiles.SyncFolder(made);
            if (Commit(made, name))
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
        MakeFolders(layout.Objects, Path.GetDirectoryName(target)!);
        return DurableFiles.MoveFolder(made, target) == FolderMove.Moved;
    }

    // Folders above objects are never taken away: one that this process has made durable needs it no second time.
    void MakeFolders(string root, string folder)
    {
        if (durable.ContainsKey(folder) && Directory.Exists(folder))
            return;
        DurableFiles.CreateFolders(root, folder);
        durable.TryAdd(folder, true);
    }

    void DestroyStaged(ObjectName name)
    {
        Destroy(layout.StagedOf(name));
        SweepNew(FolderLayout.KeyOfStaging(name));
    }

    void Delete(ObjectName name)
    {
        // A header that is being exchanged must not come back after it was destroyed.
        using var held = headers.Hold();
        Destroy(layout.Of(name));
        SweepNew(FolderLayout.KeyOf(name));
    }

    void SweepNew(string key)
    {
        foreach (var left in layout.LeftInNew(key))
            Destroy(left);
    }

    void Sweep(DateTime before)
    {
        // A staged folder appears with its header: one without is half discarded.
        var discarded = FolderLayout.FoldersIn(layout.Staging).Where(folder => !HasHeader(folder));
        foreach (var folder in Directory.EnumerateDirectories(layout.New).Concat(discarded))
        {
            // Younger ones may be another process's, in the making.
            if (Directory.GetLastWriteTimeUtc(folder) < before)
                Destroy(folder);
        }
    }

    static void Destroy(string folder)
    {
        // Whoever is making the very thing that is swept may put another file into it between our steps.
        for (var attempt = 1; Directory.Exists(folder) && !TryDestroy(folder, isLast: attempt == DestroyTries);)
            attempt++;
    }

    static bool TryDestroy(string folder, bool isLast)
    {
        try
        {
            // The key first, and durably: a crash after this leaves bytes that nobody can open.
            File.Delete(FolderLayout.HeaderIn(folder));
            DurableFiles.SyncFolder(folder);
            File.Delete(FolderLayout.PayloadIn(folder));
            File.Delete(FolderLayout.TakenIn(folder));
            Directory.Delete(folder, recursive: false);
            DurableFiles.SyncFolder(Path.GetDirectoryName(folder)!);
            return true;
        }
        catch (IOException fault) when (IsGone(fault))
        {
            // Somebody else destroyed the same thing; it is gone all the same.
            return true;
        }
        catch (IOException fault) when (
            !isLast && StorageFaultException.Of("destroy", folder, fault).ErrorName == "ENOTEMPTY")
        {
            return false;
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
            var header = FolderHeaders.Read(folder);
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

    bool StandsWith(ObjectName name, ReadOnlySpan<byte> header)
    {
        var folder = layout.Of(name);
        try
        {
            if (!HasHeader(folder) || !FolderHeaders.Read(folder).AsSpan().SequenceEqual(header))
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

    static bool HasHeader(string folder) => FolderLayout.HasHeader(folder);

    internal static bool IsGone(IOException fault) =>
        fault is FileNotFoundException or DirectoryNotFoundException or StorageFaultException { ErrorName: "ENOENT" };

    static void CheckHeader(ReadOnlySpan<byte> header) => FolderHeaders.Check(header);
}
