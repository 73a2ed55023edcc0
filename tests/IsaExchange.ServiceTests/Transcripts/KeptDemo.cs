using System.Globalization;
using System.Text.RegularExpressions;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.Tests.Outside;
using Xunit;

namespace IsaExchange.ServiceTests.Transcripts;

/// <summary>The exchange that <c>isax demo --keep</c> leaves running, with all that was sent to it.</summary>
public sealed partial class KeptDemo : IAsyncLifetime
{
    public const string Officer = Northmere.PoliceOfficer;
    public const string Sender = Northmere.PoliceSender;
    public const string Analyst = Northmere.CouncilAnalyst;
    public const string WestOfficer = Northmere.WestOfficer;

    int _months;
    int _processId;

    public string Root { get; } = Directory.CreateTempSubdirectory("isax-kept-").FullName;

    public string Home => Path.Combine(Root, "home");

    public static string Policies => Path.Combine(SharedFolders.Repository, "policies");

    /// <summary>What the demo said while it made this exchange.</summary>
    public string Story { get; private set; } = "";

    /// <summary>The quarter the demo is about, as on the command line.</summary>
    public string Quarter => PeriodWord().Match(Story).Groups[1].Value;

    public async ValueTask InitializeAsync()
    {
        var demo = await Programs.RunIsaxAsync("demo", "--keep", "--home", Home, "--policies", Policies);
        Story = demo.Output;
        _processId = ProcessId(demo);
    }

    /// <summary>Of the service that a demo says it has left running.</summary>
    public static int ProcessId(Ran demo)
    {
        var said = KillWord().Match(demo.Output);
        return demo.ExitCode == 0 && said.Success
            ? int.Parse(said.Groups[1].Value, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"The demo left no exchange: {demo}");
    }

    public Task<Ran> IsaxAsync(string who, params string[] arguments) =>
        Programs.RunIsaxAsync([.. arguments, "--as", Path.Combine(Home, "credentials", who)]);

    /// <summary>A file that the demo made.</summary>
    public string Made(string name) => Path.Combine(Home, "demo", name);

    /// <summary>A month of one partnership that no other test sends for, and the options that name it.</summary>
    public (StreetFile File, string[] Options) NextStreet()
    {
        var file = new StreetFile(new DateOnly(2026, 5, 1).AddMonths(Interlocked.Increment(ref _months) - 1), 1);
        return (file, ["--dataset", "police-street-level", "--period", file.Period, "--areas", file.AreaCodes[0]]);
    }

    /// <summary>Puts content into a new file beside the home.</summary>
    public async Task<string> WriteAsync(byte[] content)
    {
        var path = Path.Combine(Root, $"{Guid.NewGuid():N}.csv");
        await File.WriteAllBytesAsync(path, content, TestContext.Current.CancellationToken);
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        if (_processId > 0)
            await EndAsync(_processId, Home);
        Directory.Delete(Root, recursive: true);
    }

    /// <summary>Stops a service as the demo says it is stopped, and waits until it has ended.</summary>
    public static async Task EndAsync(int processId, string home)
    {
        await Programs.RunAsync("kill", $"{processId}");
        for (var tries = 0; Running(home) > 0; tries++)
        {
            if (tries > 300)
                throw new TimeoutException($"Process {processId} did not end within half a minute.");
            await Task.Delay(100);
        }
    }

    /// <summary>How many processes have this text in their command line; one that has ended has none.</summary>
    public static int Running(string text) => Directory.EnumerateDirectories("/proc")
        .Where(p => int.TryParse(Path.GetFileName(p), CultureInfo.InvariantCulture, out _))
        .Count(p => CommandLine(p).Contains(text, StringComparison.Ordinal));

    static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline"));
        }
        catch (IOException)
        {
            return "";
        }
    }

    [GeneratedRegex(@"^  kill ([0-9]+) ", RegexOptions.Multiline)]
    private static partial Regex KillWord();

    [GeneratedRegex(@"isax send demo/.* --period (\S+/P3M)")]
    private static partial Regex PeriodWord();
}

/// <summary>The classes of one collection share the exchange and run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class KeptDemoTogether : ICollectionFixture<KeptDemo>
{
    public const string Name = "kept demo";
}
