namespace IsaExchange.Fuzz.Harnesses;

/// <summary>
/// One way in for bytes of a stranger, and what must hold whatever they are. The fuzzer looks for bytes that break it;
/// the tests try the corpora that it left.
/// </summary>
public abstract class Harness
{
    public static IReadOnlyList<Harness> All { get; } =
        [new SubmissionHarness(), new AgeHeaderHarness(), new SignedNoteHarness(), new AgreementHarness()];

    /// <summary>Also the folder of its corpus.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// Whether the bytes were taken, rather than refused in one of the ways in which they may be. Any exception that
    /// leaves is a finding.
    /// </summary>
    /// <exception cref="BrokenPromiseException">Something that must hold does not.</exception>
    public abstract bool Try(ReadOnlySpan<byte> content);
}

/// <summary>What must hold of all bytes does not hold of these.</summary>
public sealed class BrokenPromiseException(string promise) : Exception($"This does not hold: {promise}.")
{
    public static void Unless(bool holds, string promise)
    {
        if (!holds)
            throw new BrokenPromiseException(promise);
    }
}
