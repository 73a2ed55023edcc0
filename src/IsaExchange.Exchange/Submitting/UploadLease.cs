namespace IsaExchange.Exchange.Submitting;

/// <summary>An upload held by one writer. Leaving it makes what arrived durable and keeps the session for a
/// resume.</summary>
sealed class UploadLease(
    UploadSessions sessions, string submission, UploadSessions.Slot slot, SemaphoreSlim party) : IAsyncDisposable
{
    public UploadSession Session => slot.Session ?? throw new InvalidOperationException("The upload has ended.");

    public bool IsOf(UploadSessions replica) => ReferenceEquals(sessions, replica);

    /// <summary>Makes whole chunks durable, and lets go of the attempt this one replayed once it is ahead.</summary>
    public async Task PersistAsync(CancellationToken ct)
    {
        await Session.PersistAsync(ct);
        await sessions.AdoptIfAheadAsync(submission, Session, ct);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (slot.Session is { Broken: false })
                await PersistAsync(CancellationToken.None);
        }
        finally
        {
            sessions.Release(slot, party);
        }
    }
}
