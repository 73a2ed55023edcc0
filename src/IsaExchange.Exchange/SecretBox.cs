namespace IsaExchange.Exchange;

/// <summary>Secrets of this exchange that are not key-encryption keys.</summary>
/// <param name="FingerprintKey">32 bytes: keys the PRF of cube fingerprints. Losing it makes old cubes
/// incomparable.</param>
public sealed record SecretBox(byte[] FingerprintKey);
