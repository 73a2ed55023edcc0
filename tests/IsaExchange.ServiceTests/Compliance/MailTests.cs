using System.Text.Json.Nodes;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Xunit;
using State = IsaExchange.V1.Notice.Types.State;

namespace IsaExchange.ServiceTests.Compliance;

/// <summary>Notices by a real mail server, on its good days and on its bad ones.</summary>
public sealed class MailTests
{
    readonly NoticeWait notices = new();

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ServerDownThenUp_NothingIsLostAndNothingIsSentTwice()
    {
        await using var mail = await MailServer.RequireAsync(tls: true);
        await using var exchange = await StartAsync(mail, "starttls");
        var steward = new ComplianceService.ComplianceServiceClient(exchange.As(Northmere.Steward));
        var notice = await RemindAsync(steward, "northmere-police");
        var waiting = await notices.UntilAsync(steward, notice, n => n.Attempts > 0 && n.Proof.Length > 0, Stop);
        Assert.Equal(State.Waiting, waiting.State);
        Assert.Contains("not reached", waiting.Proof, StringComparison.Ordinal);

        // The service is killed as well, and the server comes back before it does.
        await exchange.KillAsync();
        await mail.StartAsync();
        await exchange.ServeAsync();
        steward = new ComplianceService.ComplianceServiceClient(exchange.As(Northmere.Steward));
        var sent = await notices.SentAsync(steward, notice, Stop);
        Assert.Matches("^localhost:[0-9]+ 250 .*kept as", sent.Proof);
        var kept = Assert.Single(mail.Kept);
        Assert.StartsWith("secure\namara.okafor@police.northmere.example\n\n", kept, StringComparison.Ordinal);
        Assert.Contains(sent.MessageId, kept, StringComparison.Ordinal);

        // 451 is for now: tried again under the same id, and taken once. 550 is for good: shown, and not tried again.
        mail.Answer("451 4.3.0 later");
        var later = await notices.SentAsync(steward, await RemindAsync(steward, "northmere-west-health"), Stop);
        Assert.Equal((2, 1, 2), (later.Attempts, mail.Refused, mail.Kept.Count));
        mail.Answer("550 5.7.1 not wanted here");
        var refused = await notices.UntilAsync(
            steward, await RemindAsync(steward, "northmere-east-health"), n => n.State == State.Failed, Stop);
        Assert.Equal(1, refused.Attempts);
        Assert.Contains("550", refused.Proof, StringComparison.Ordinal);
        Assert.Equal((2, 2), (mail.Refused, mail.Kept.Count));

        var catalogue = exchange.Catalogue;
        Assert.Equal((2, 1), (catalogue.Events("notify.sent"), catalogue.Events("notify.failed")));
    }

    [Fact]
    public async Task ServerWithoutTls_GetsNothingInClear()
    {
        await using var mail = await MailServer.RequireAsync(tls: false);
        await mail.StartAsync();
        await using var exchange = await StartAsync(mail, "starttls");
        var steward = new ComplianceService.ComplianceServiceClient(exchange.As(Northmere.Steward));
        var notice = await RemindAsync(steward, "northmere-police");
        var waiting = await notices.UntilAsync(steward, notice, n => n.Proof.Length > 0, Stop);

        Assert.Equal(State.Waiting, waiting.State);
        Assert.Empty(mail.Kept);
        Assert.Equal(0, mail.Refused);
    }

    [Fact]
    public async Task SettingsThatCannotBeTrusted_StopTheStart()
    {
        await using var exchange = await TestExchange.StartAsync(NorthmerePolicies.Folder);
        await exchange.KillAsync();
        var open = Path.Combine(exchange.Root, "open-secret");
        await File.WriteAllTextAsync(open, "correct horse\n", Stop);
        await Programs.RunAsync("chmod", "640", open);
        (string Smtp, string Message)[] cases =
        [
            ("""{"host":"mail.example","from":"a@b.example","tls":"none"}""", "on loopback only"),
            ("""{"host":"mail.example","from":"nobody"}""", "smtp.from must be a mail address"),
            ("""{"host":"mail.example","from":"a@b.example","tls":"maybe"}""", "smtp.tls is"),
            ("""{"host":"mail.example","from":"a@b.example","user":"u"}""", "belong together"),
            ("""{"host":"mail.example","from":"a@b.example","user":"u","password_file":"OPEN"}""", "others can read"),
            ("""{"host":"mail.example","from":"a@b.example","user":"u","password_file":"GONE"}""", "does not exist"),
            ("""{"host":"mail.example","from":"a@b.example","password":"correct horse"}""", "password"),
        ];
        foreach (var (smtp, message) in cases)
        {
            SetSmtp(exchange, JsonNode.Parse(smtp.Replace("OPEN", open, StringComparison.Ordinal)
                .Replace("GONE", open + "-gone", StringComparison.Ordinal))!);
            var ran = await Programs.RunAsync("dotnet", Programs.Service, "serve", "--home", exchange.Home);
            Assert.True(ran.ExitCode == 2, $"{smtp}: {ran}");
            Assert.Contains(message, ran.Messages, StringComparison.Ordinal);
            Assert.DoesNotContain("correct horse", ran.Messages, StringComparison.Ordinal);
        }
    }

    static async Task<TestExchange> StartAsync(MailServer mail, string tls)
    {
        var exchange = await TestExchange.StartAsync(NorthmerePolicies.Folder);
        await exchange.KillAsync();
        SetSmtp(exchange, new JsonObject
        {
            ["host"] = "localhost",
            ["port"] = mail.Port,
            ["from"] = "exchange@northmere.example",
            ["tls"] = tls,
            ["authority_file"] = mail.Authority,
        });
        await exchange.ServeAsync();
        return exchange;
    }

    static void SetSmtp(TestExchange exchange, JsonNode smtp)
    {
        var path = Path.Combine(exchange.Home, "settings.json");
        var settings = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        settings["smtp"] = smtp;
        File.WriteAllText(path, settings.ToJsonString());
    }

    static async Task<string> RemindAsync(ComplianceService.ComplianceServiceClient steward, string party)
    {
        var request = new SendReminderRequest
        {
            Parent = Northmere.Agreement, Party = party, RequestId = Guid.NewGuid().ToString(),
        };
        return Assert.Single((await steward.SendReminderAsync(request, cancellationToken: Stop)).Notices).Name;
    }
}
