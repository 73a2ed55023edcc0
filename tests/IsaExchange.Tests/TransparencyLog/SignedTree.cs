using System.Globalization;
using IsaExchange.TransparencyLog;
using IsaExchange.TransparencyLog.Witnessing;

namespace IsaExchange.Tests.TransparencyLog;

/// <summary>A log that signs any of its heads, and that may leave the common history.</summary>
/// <param name="fork">From this leaf on it tells other things than one without a fork.</param>
sealed class SignedTree(NoteSigner signer, int fork = int.MaxValue)
{
    readonly StoredTree _tree = new();

    public void GrowTo(int size)
    {
        for (var i = (int)_tree.Appender.Size; i < size; i++)
        {
            var side = i < fork ? "" : "other ";
            _tree.Append(StoredTree.Hash(string.Create(CultureInfo.InvariantCulture, $"{side}leaf {i}")));
        }
    }

    public async Task<string> NoteAsync(long size, CancellationToken ct) => SignedNote.Sign(
        new Checkpoint(signer.Name, size, await TreeProofs.RootAsync(_tree, size, ct), []).ToText(), signer);

    public async Task<AddCheckpointRequest> RequestAsync(long old, CancellationToken ct, long? to = null)
    {
        var size = to ?? _tree.Appender.Size;
        if (to is { } next)
            GrowTo((int)next);
        return new(old, await TreeProofs.ConsistencyAsync(_tree, old, size, ct), await NoteAsync(size, ct));
    }
}
