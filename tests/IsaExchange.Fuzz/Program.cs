using IsaExchange.Fuzz.Harnesses;
using SharpFuzz;

// Started by afl-fuzz, once for a campaign; or by hand with a file, to see what a finding does.
if (args is [var name, .. var rest] && Harness.All.FirstOrDefault(h => h.Name == name) is { } harness)
{
    if (rest is [var file])
    {
        Console.WriteLine(harness.Try(File.ReadAllBytes(file)) ? "taken" : "refused, as it should be");
        return 0;
    }

    // The harness runs in a process of its own, so that an overflow of the stack is a finding and not the end.
    Fuzzer.OutOfProcess.Run(stream =>
    {
        using var content = new MemoryStream();
        stream.CopyTo(content);
        harness.Try(content.ToArray());
    });
    return 0;
}

await Console.Error.WriteLineAsync(
    $"usage: IsaExchange.Fuzz {string.Join('|', Harness.All.Select(h => h.Name))} [FILE]");
return 2;
