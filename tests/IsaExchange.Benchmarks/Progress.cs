namespace IsaExchange.Benchmarks;

/// <summary>What goes on, on the error stream: the answer has the other one to itself.</summary>
sealed class Progress(TimeProvider clock)
{
    readonly long _started = clock.GetTimestamp();

    public void Say(string sentence) =>
        Console.Error.WriteLine($"[{clock.GetElapsedTime(_started):mm\\:ss}] {sentence}");
}
