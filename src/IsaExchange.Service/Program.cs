using System.CommandLine;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Service.Hosting;
using IsaExchange.Service.Settings;

var homeOption = new Option<DirectoryInfo>("--home")
{
    Description = "Folder in which this exchange keeps what is its own",
    Required = true,
};
var policiesOption = new Option<DirectoryInfo>("--policies")
{
    Description = "Folder of agreements and dataset specifications",
    Required = true,
};
var portOption = new Option<int>("--port")
{
    Description = "TCP port on the loopback interface",
    DefaultValueFactory = _ => 7443,
};

var init = new Command("init", "Make a new exchange: private authority, keys, catalogue and credentials")
{
    homeOption, policiesOption, portOption,
};
init.SetAction((parsed, ct) => RunAsync(async () =>
{
    var home = new HomeFolder(parsed.GetRequiredValue(homeOption).FullName);
    var policies = parsed.GetRequiredValue(policiesOption).FullName;
    await new InitialiseHome(
        home, policies, parsed.GetValue(portOption), TimeProvider.System).RunAsync(Console.Out, ct);
}));

var serve = new Command("serve", "Run the exchange until it is told to stop") { homeOption };
serve.SetAction((parsed, ct) => RunAsync(async () =>
{
    var home = new HomeFolder(parsed.GetRequiredValue(homeOption).FullName);
    var settings = ExchangeSettings.Load(home);
    await using var app = ExchangeHost.Build(home, settings, TimeProvider.System);
    await app.Services.GetRequiredService<ICatalogue>().CreateAsync(ct);
    await RecordAgreementsAsync(app.Services, ct);
    await app.StartAsync(ct);
    await Console.Out.WriteLineAsync($"listening on https://localhost:{settings.Port}");
    await app.WaitForShutdownAsync(ct);
}));

var root = new RootCommand("The IsaExchange service") { init, serve };
foreach (var verb in OperatorVerbs.Create(homeOption, RunAsync))
    root.Subcommands.Add(verb);
return await root.Parse(args).InvokeAsync();

// Which revision of which agreement rules from this start on is part of the history that partners check.
static async Task RecordAgreementsAsync(IServiceProvider services, CancellationToken ct)
{
    var trail = services.GetRequiredService<AuditTrail>();
    foreach (var partnership in services.GetRequiredService<PartnershipBook>().All)
    {
        var agreement = partnership.Agreement;
        var loaded = new AuditEvent(AuditActions.LoadAgreement, "agreements/" + agreement.Id)
        {
            Agreement = agreement.Id,
            Revision = agreement.Revision,
            ObjectSha256 = agreement.Revision,
            Subjects = [.. agreement.Parties.Select(p => new EventSubject(p.Id, ""))],
        };
        await trail.RecordAsync(loaded, ct);
    }
}

static async Task<int> RunAsync(Func<Task> action)
{
    try
    {
        await action();
        return 0;
    }
    catch (Exception e) when (
        e is SettingsException or PartnershipFaultsException or ExchangeException or IOException)
    {
        await Console.Error.WriteLineAsync(e.Message);
        return 2;
    }
}
