using System.IO.Compression;
using System.Text;
using System.Text.Json;
using IsaExchange.ServiceTests.Harness;
using MiniExcelLibs;
using Xunit;

namespace IsaExchange.ServiceTests.Transcripts;

/// <summary>From a file to its receipt with <c>isax</c>: exit codes, and the line a scheduler reads.</summary>
[Collection(KeptDemoTogether.Name)]
public sealed class SendingVerbTests(KeptDemo demo)
{
    const string Submitted = "SUBMITTED, receipt ";

    [Fact]
    public async Task FileWithErrors_IsNotSubmittedAndCanBeCheckedAnew()
    {
        var (street, options) = demo.NextStreet();
        var path = await demo.WriteAsync([.. street.Content(3), .. Faulty(street, row: 4)]);
        var first = await SendAsync(KeptDemo.Sender, path, [.. options, "--submit"]);
        var again = await SendAsync(KeptDemo.Sender, path, [.. options, "--submit"]);
        var third = await SendAsync(KeptDemo.Sender, path, [.. options, "--submit"]);
        Assert.All([first, again, third], ran =>
        {
            Assert.True(ran.ExitCode == 3, $"{ran}");
            Assert.StartsWith("NOT SUBMITTED: 1 error to correct", ran.LastLine, StringComparison.Ordinal);
            Assert.DoesNotContain("no-such-crime", ran.Output + ran.Messages, StringComparison.Ordinal);
        });
        Assert.Equal(3, new[] { first, again, third }.Select(ShortName).Distinct(StringComparer.Ordinal).Count());

        var faults = await demo.IsaxAsync(KeptDemo.Officer, "violations", ShortName(third), "-o", "csv");
        Assert.True(faults.ExitCode == 0, $"{faults}");
        var lines = faults.Output.TrimEnd().Split("\r\n");
        Assert.StartsWith("line,record,column,field,rule,severity,", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("5,4,3,crime_type,", Assert.Single(lines[1..]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task KilledSendOfWhatNeededCorrection_GoesOnWithItsOpenSubmission()
    {
        var (street, options) = demo.NextStreet();
        var path = await demo.WriteAsync([.. street.Content(400_000), .. Faulty(street, row: 400_001)]);
        var ended = await SendAsync(KeptDemo.Sender, path, options);
        Assert.True(ended.ExitCode == 3, $"{ended}");
        var opened = await KilledSendAsync(path, options);
        Assert.NotEqual(SendingTo(ended.Messages), opened);
        var again = await SendAsync(KeptDemo.Sender, path, options);
        Assert.True(again.ExitCode == 3, $"{again}");
        Assert.Equal(opened, SendingTo(again.Messages));
    }

    [Fact]
    public async Task FilePackedByGzip_IsSubmittedWithTheRecordsInside()
    {
        var (street, options) = demo.NextStreet();
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            await gzip.WriteAsync(street.Content(75), TestContext.Current.CancellationToken);
        var sent = await SendAsync(
            KeptDemo.Sender, await demo.WriteAsync(packed.ToArray()), [.. options, "--submit", "-o", "json"]);
        Assert.True(sent.ExitCode == 0, $"{sent}");
        Assert.Matches("\"record[a-z_]*\": *\"?75\\b", sent.Output);
    }

    [Fact]
    public async Task FirstSheetOfAWorkbook_IsSentAsCsv()
    {
        var (street, options) = demo.NextStreet();
        var rows = Encoding.UTF8.GetString(street.Content(40)).TrimEnd().Split('\n').Select(line => line.TrimEnd('\r')
            .Split(',').Index().ToDictionary(cell => $"{cell.Index}", cell => (object)cell.Item)).ToList();
        using var workbook = new MemoryStream();
        await workbook.SaveAsAsync(
            rows, printHeader: false, cancellationToken: TestContext.Current.CancellationToken);
        var sent = await SendAsync(
            KeptDemo.Sender, await demo.WriteAsync(workbook.ToArray()), [.. options, "--submit"]);
        Assert.True(sent.ExitCode == 0, $"{sent}");
        Assert.StartsWith(Submitted, sent.LastLine, StringComparison.Ordinal);
        Assert.Contains("as CSV", sent.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckedFile_IsSubmittedByTheOfficerWithAReceipt()
    {
        var (street, options) = demo.NextStreet();
        var path = await demo.WriteAsync(street.Content(5));
        var ready = await SendAsync(KeptDemo.Sender, path, options);
        Assert.True(ready.ExitCode == 0, $"{ready}");
        Assert.StartsWith(
            "NOT SUBMITTED: no errors; submit it with isax submit", ready.LastLine, StringComparison.Ordinal);
        var none = await demo.IsaxAsync(KeptDemo.Officer, "receipt", ShortName(ready));
        Assert.True(none.ExitCode == 5, $"{none}");

        var submitted = await demo.IsaxAsync(KeptDemo.Officer, "submit", ShortName(ready));
        Assert.True(submitted.ExitCode == 0, $"{submitted}");
        Assert.StartsWith(Submitted, submitted.LastLine, StringComparison.Ordinal);
        Assert.Equal(submitted.LastLine, (await SendAsync(KeptDemo.Sender, path, [.. options, "--submit"])).LastLine);

        var target = Path.Combine(demo.Root, "receipt.txt");
        var receipt = await demo.IsaxAsync(
            KeptDemo.Officer, "receipt", ShortName(ready), "--verify", "--out", target, "-o", "json");
        Assert.True(receipt.ExitCode == 0, $"{receipt}");
        using var said = JsonDocument.Parse(receipt.Output);
        Assert.Equal("verified", said.RootElement.GetProperty("signature").GetString());
        Assert.True(said.RootElement.GetProperty("in_log").GetBoolean());
        Assert.True(File.Exists(target + ".tlog-proof"));
    }

    [Fact]
    public async Task Query_IsExplainedBeforeTheOfficerSubmits()
    {
        var (street, options) = demo.NextStreet();
        var path = await demo.WriteAsync((street with { Areas = [2] }).Content(4));
        var sent = await SendAsync(KeptDemo.Officer, path, [.. options, "--submit"]);
        Assert.True(sent.ExitCode == 6, $"{sent}");
        Assert.StartsWith("NOT SUBMITTED: no errors, 1 query to explain", sent.LastLine, StringComparison.Ordinal);

        var faults = await demo.IsaxAsync(KeptDemo.Officer, "violations", ShortName(sent), "-o", "json");
        using var said = JsonDocument.Parse(faults.Output);
        var group = said.RootElement.GetProperty("violation_groups")[0].GetProperty("group").GetString()!;
        var explained = await demo.IsaxAsync(KeptDemo.Officer, "explain", ShortName(sent), group, "border patrol");
        Assert.True(explained.ExitCode == 0, $"{explained}");
        Assert.Contains("border patrol", explained.Output, StringComparison.Ordinal);
        var submitted = await demo.IsaxAsync(KeptDemo.Officer, "submit", ShortName(sent));
        Assert.True(submitted.ExitCode == 0, $"{submitted}");
        Assert.StartsWith(Submitted, submitted.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NilReturn_HasAReceiptAndItsAnswerIsForPrograms()
    {
        var (_, options) = demo.NextStreet();
        string[] nil = ["nil", .. options, "--reason", "none recorded"];
        var first = await demo.IsaxAsync(KeptDemo.Officer, nil);
        Assert.True(first.ExitCode == 0, $"{first}");
        Assert.StartsWith(Submitted, first.LastLine, StringComparison.Ordinal);

        var json = await demo.IsaxAsync(KeptDemo.Officer, [.. nil, "-o", "json"]);
        using var said = JsonDocument.Parse(json.Output);
        Assert.Equal("SUBMITTED", said.RootElement.GetProperty("submission").GetProperty("state").GetString());
        Assert.Contains(first.LastLine, json.Messages, StringComparison.Ordinal);
        var unreasoned = await demo.IsaxAsync(KeptDemo.Officer, nil[..^2]);
        Assert.Equal((2, "NOT SUBMITTED"), (unreasoned.ExitCode, unreasoned.LastLine));
    }

    async Task<string> KilledSendAsync(string path, string[] options)
    {
        using var sending = Programs.Start(
            "dotnet",
            [Programs.Isax, "send", path, .. options, "--as", Path.Combine(demo.Home, "credentials", KeptDemo.Sender)]);
        var said = await sending.StandardError.ReadLineAsync(TestContext.Current.CancellationToken);
        sending.Kill(entireProcessTree: true);
        await sending.WaitForExitAsync(TestContext.Current.CancellationToken);
        return SendingTo(said ?? "");
    }

    Task<Ran> SendAsync(string who, string path, string[] options) => demo.IsaxAsync(who, ["send", path, .. options]);

    static byte[] Faulty(StreetFile street, int row) => Encoding.ASCII.GetBytes(
        $"{row},{street.Month:yyyy-MM},no-such-crime,{StreetFile.SmallArea(street.Areas[0], 1)}\n");

    // "sending N bytes to NAME"
    static string SendingTo(string messages) => messages.Split('\n')
        .First(l => l.StartsWith("sending ", StringComparison.Ordinal)).Trim().Split(' ')[^1];

    static string ShortName(Ran sent) => SendingTo(sent.Messages).Split('/') is [.., var dataset, _, var id]
        ? $"{dataset}/{id}"
        : throw new InvalidOperationException($"No submission was named: {sent}");
}
