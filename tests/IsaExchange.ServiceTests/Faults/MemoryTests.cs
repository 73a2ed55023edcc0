using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Faults;

/// <summary>Memory does not grow with the file: it is hashed, sealed, validated and counted while it arrives.</summary>
public sealed class MemoryTests(ITestOutputHelper output)
{
    const int MiB = 1 << 20;
    const int RecordsOfThirtyMegabytes = 800_000;

    // The whole tenfold in the long run; enough to see growth in the short one.
    static readonly int Times = Environment.GetEnvironmentVariable("ISAX_FULL") == "1" ? 10 : 4;

    /// <summary>The tests start programs with the collector of a workstation; its users do not.</summary>
    static readonly Dictionary<string, string> AsUsersRunIt = new(StringComparer.Ordinal) { ["DOTNET_gcServer"] = "1" };

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ALargerFile_TakesNoMoreMemory()
    {
        await using var exchange = await TestExchange.StartAsync(NorthmerePolicies.Folder, AsUsersRunIt);
        await SendAsync(exchange, month: 0, RecordsOfThirtyMegabytes);
        var small = Peak(exchange);
        await SendAsync(exchange, month: 1, RecordsOfThirtyMegabytes * Times);
        var large = Peak(exchange);
        output.WriteLine($"peak {small / MiB} MiB after the small file, {large / MiB} MiB after the large one");
        Assert.True(large <= 512L * MiB, $"{large / MiB} MiB");
        Assert.True(large - small <= 64L * MiB, $"{small / MiB} MiB, then {large / MiB} MiB");
    }

    async Task SendAsync(TestExchange exchange, int month, int records)
    {
        var clock = Stopwatch.StartNew();
        var file = new StreetFile(NorthmerePolicies.FirstMonth.AddMonths(month), 1, 2, 3, 4);
        var submissions = new SubmissionService.SubmissionServiceClient(exchange.As(Northmere.PoliceSender));
        var request = Uploads.Create(file, Uploads.NewRequestId(Random.Shared));
        var created = await submissions.CreateSubmissionAsync(request, Uploads.Options(Stop));
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var call = submissions.WriteContent(Uploads.Options(Stop));
        var at = 0L;
        foreach (var part in file.Records(records).Prepend(Encoding.ASCII.GetBytes(StreetFile.Header)))
        {
            digest.AppendData(part);
            await call.RequestStream.WriteAsync(Uploads.Message(created.Name, at, part), Stop);
            at += part.Length;
        }

        await call.RequestStream.WriteAsync(Uploads.End(created.Name, at, digest.GetHashAndReset()), Stop);
        await call.RequestStream.CompleteAsync();
        var sent = (await call.ResponseAsync).Submission;
        Assert.Equal(Submission.Types.State.Ready, sent.State);
        Assert.Equal(records, sent.RecordCount);
        output.WriteLine($"{at / MiB} MiB in {clock.Elapsed.TotalSeconds:0.0} s");
    }

    /// <summary>Bytes of physical memory that the service ever had at once.</summary>
    internal static long Peak(TestExchange exchange)
    {
        var status = $"/proc/{exchange.ProcessId}/status";
        Assert.SkipUnless(File.Exists(status), "There is no /proc: the peak of another process cannot be read here.");
        var line = File.ReadLines(status).First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        var kibibytes = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2];
        return long.Parse(kibibytes, CultureInfo.InvariantCulture) << 10;
    }
}
