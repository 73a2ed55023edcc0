namespace IsaExchange.Benchmarks.Peers;

/// <summary>Where the peer puts what it takes.</summary>
enum PeerKind
{
    Nothing,
    Folder,
    Blobs,
}
