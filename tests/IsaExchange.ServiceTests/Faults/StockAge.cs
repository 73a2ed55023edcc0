using System.Security.Cryptography;
using IsaExchange.ServiceTests.Harness;
using Xunit;

namespace IsaExchange.ServiceTests.Faults;

/// <summary>The age of the operating system, with a key pair of its own: a recipient that shares no code with
/// us.</summary>
sealed class StockAge : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("isax-age-").FullName;

    StockAge()
    {
    }

    public string Recipient { get; private set; } = "";

    string Opened => Path.Combine(_folder, "opened");

    string Identity => Path.Combine(_folder, "identity");

    /// <summary>Skips loudly without age, and fails where ISAX_REQUIRE_DATA=1 says that it must be there.</summary>
    public static async Task<StockAge> RequireAsync()
    {
        if (await TryAsync() is { } age)
            return age;
        var isRequired = Environment.GetEnvironmentVariable("ISAX_REQUIRE_DATA") == "1";
        Assert.SkipUnless(isRequired, "Stock age is absent: apt-get install age.");
        throw new InvalidOperationException("Stock age is required here (ISAX_REQUIRE_DATA=1): apt-get install age.");
    }

    /// <summary>Null where it is not installed.</summary>
    public static async Task<StockAge?> TryAsync()
    {
        if (!File.Exists("/usr/bin/age") || !File.Exists("/usr/bin/age-keygen"))
            return null;
        var age = new StockAge();
        await RunAsync("age-keygen", "-o", age.Identity);
        age.Recipient = (await RunAsync("age-keygen", "-y", age.Identity)).Output.Trim();
        return age;
    }

    /// <summary>What age -d makes of a file.</summary>
    public async Task<byte[]> OpenAsync(string sealedFile)
    {
        var ran = await TryOpenAsync(sealedFile);
        Assert.True(ran.ExitCode == 0, $"{ran}");
        return await File.ReadAllBytesAsync(Opened);
    }

    /// <summary>How age -d ends.</summary>
    public Task<Ran> TryOpenAsync(string sealedFile) =>
        Programs.RunAsync("age", "-d", "-i", Identity, "-o", Opened, sealedFile);

    public async Task<byte[]> OpenedSha256Async(string sealedFile) => SHA256.HashData(await OpenAsync(sealedFile));

    static async Task<Ran> RunAsync(string program, params string[] arguments)
    {
        var ran = await Programs.RunAsync(program, arguments);
        Assert.True(ran.ExitCode == 0, $"{program}: {ran}");
        return ran;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
