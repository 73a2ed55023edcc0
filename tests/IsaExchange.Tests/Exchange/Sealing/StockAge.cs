using System.Diagnostics;
using IsaExchange.Tests.Exchange.Storage;
using Xunit;

namespace IsaExchange.Tests.Exchange.Sealing;

/// <summary>The age of the operating system, an implementation that is not ours, with a key pair of its own.</summary>
sealed class StockAge : IDisposable
{
    readonly TemporaryFolder folder = new();

    StockAge()
    {
        Run("age-keygen", [], "-o", IdentityFile);
        Recipient = System.Text.Encoding.ASCII.GetString(Run("age-keygen", [], "-y", IdentityFile)).Trim();
    }

    public string Recipient { get; }

    public string Identity => File.ReadLines(IdentityFile)
        .Single(line => line.StartsWith("AGE-SECRET-KEY-", StringComparison.Ordinal));

    string IdentityFile => folder["identity.txt"];

    /// <summary>Skips loudly without age, and fails where ISAX_REQUIRE_DATA=1 says that it must be there.</summary>
    public static StockAge Require()
    {
        if (!File.Exists("/usr/bin/age") || !File.Exists("/usr/bin/age-keygen"))
        {
            Assert.False(
                Environment.GetEnvironmentVariable("ISAX_REQUIRE_DATA") == "1",
                "Stock age is required here: apt-get install age.");
            Assert.Skip("Stock age is absent: apt-get install age.");
        }

        return new StockAge();
    }

    public byte[] Open(byte[] ageFile) => Run("age", ageFile, "-d", "-i", IdentityFile);

    public byte[] Seal(byte[] plaintext) => Run("age", plaintext, "-r", Recipient);

    public void Dispose() => folder.Dispose();

    byte[] Run(string program, byte[] input, params string[] arguments)
    {
        var inputFile = folder["input"];
        var outputFile = folder["output"];
        File.WriteAllBytes(inputFile, input);
        var start = new ProcessStartInfo("/bin/sh")
        {
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        // Through files: two full pipes would wait for each other.
        const string Redirect = "in=$1 out=$2; shift 2; exec \"$@\" <\"$in\" >\"$out\"";
        foreach (var argument in (string[])["-c", Redirect, "sh", inputFile, outputFile, program, .. arguments])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var complaint = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {complaint}");
        return File.ReadAllBytes(outputFile);
    }
}
