using IsaExchange.ServiceTests.Harness;
using Xunit;

namespace IsaExchange.ServiceTests.Faults;

/// <summary>An exchange with one submitted dataset, of several chunks and a part of one.</summary>
public sealed class SubmittedExchange : IAsyncLifetime
{
    readonly StreetFile _file = new(NorthmerePolicies.FirstMonth, 1, 2, 3, 4);
    TestExchange? _exchange;

    public TestExchange Exchange => _exchange ?? throw new InvalidOperationException("The exchange is not up.");

    public byte[] Sent { get; private set; } = [];

    public string Submission { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        _exchange = await TestExchange.StartAsync(NorthmerePolicies.Folder);
        Sent = _file.Content(10_000);
        var path = Path.Combine(Exchange.Root, "street.csv");
        await File.WriteAllBytesAsync(path, Sent);
        var ran = await Exchange.IsaxAsync(
            Northmere.PoliceSender, "send", path, "--dataset", StreetFile.Dataset, "--period", _file.Period,
            "--submit");
        Assert.True(ran.ExitCode == 0, $"{ran}");
        Submission = ran.LastLine.Split(' ')[2];
    }

    public ValueTask DisposeAsync() => _exchange?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>An export is the dataset at rest under another header: stock age opens it, and its party sees who
/// asked.</summary>
public sealed class ExportTests(SubmittedExchange submitted) : IClassFixture<SubmittedExchange>, IDisposable
{
    readonly string _exported = Path.Combine(submitted.Exchange.Root, $"{Guid.NewGuid():N}.age");
    StockAge? _age;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    async Task<Ran> ExportAsync(string who, string submission, string change = "")
    {
        _age ??= await StockAge.RequireAsync();
        return await submitted.Exchange.IsaxAsync(
            who, "export", submission, "--to", _age.Recipient[..^change.Length] + change,
            "--purpose", NorthmerePolicies.Purpose, "--out", _exported);
    }

    [Fact]
    public async Task Exported_StockAgeOpensWhatWasSent_AndThePayloadIsThatAtRest()
    {
        var ran = await ExportAsync(Northmere.PoliceOfficer, submitted.Submission);
        Assert.True(ran.ExitCode == 0, $"{ran}");
        Assert.Equal(submitted.Sent, await _age!.OpenAsync(_exported));

        var exported = await File.ReadAllBytesAsync(_exported, Stop);
        var mac = exported.AsSpan().IndexOf("\n--- "u8) + 1;
        var payload = mac + exported.AsSpan(mac).IndexOf((byte)'\n') + 1;
        var objects = StoredObjects.Of(submitted.Exchange);
        var atRest = await objects.TakeAsync(Assert.Single(await objects.NamesAsync("datasets/")));
        Assert.Equal(atRest.Payload, exported[payload..]);

        // At rest the file key is wrapped for the exchange: its header does not let the recipient in.
        await File.WriteAllBytesAsync(_exported, [.. atRest.Header, .. exported[payload..]], Stop);
        Assert.NotEqual(0, (await _age.TryOpenAsync(_exported)).ExitCode);
    }

    [Fact]
    public async Task Exported_ThePartySeesWhoAskedAndWhatFor()
    {
        var ran = await ExportAsync(Northmere.PoliceOfficer, submitted.Submission);
        Assert.True(ran.ExitCode == 0, $"{ran}");
        var who = await submitted.Exchange.IsaxAsync(
            "ben-hartley", "who", "--dataset", StreetFile.Dataset, "-o", "csv");
        var lines = who.Output.Split('\n').Where(l => l.Contains("export.records", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.Contains(Northmere.Street, line, StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("Amara Okafor", StringComparison.Ordinal)
            && line.Contains(NorthmerePolicies.Purpose, StringComparison.Ordinal)
            && line.Contains(",yes,", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ruth-pemberton")]
    [InlineData("fatima-noor")]
    public async Task AnOfficerOfAnotherParty_FindsNothing(string officer)
    {
        var ran = await ExportAsync(officer, $"{Northmere.Street}/submissions/{submitted.Submission.Split('/')[^1]}");
        Assert.True(ran.ExitCode == 5, $"{ran}");
        Assert.False(File.Exists(_exported));
        var absent = await ExportAsync(officer, $"{Northmere.Street}/submissions/{new string('0', 32)}");
        Assert.Equal(ran.ExitCode, absent.ExitCode);
    }

    [Fact]
    public async Task NotAnAgeRecipient_IsNotAccepted()
    {
        var ran = await ExportAsync(Northmere.PoliceOfficer, submitted.Submission, change: "xyz");
        Assert.True(ran.ExitCode == 2, $"{ran}");
        Assert.False(File.Exists(_exported));
    }

    public void Dispose() => _age?.Dispose();
}
