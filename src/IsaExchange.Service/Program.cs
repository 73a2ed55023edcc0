using System.CommandLine;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Register;
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

var signOption = new Option<bool>("--sign")
{
    Description = "Sign for every signatory and bring the agreements into force: for trying out only",
};

var settingsOption = new Option<FileInfo?>("--settings")
{
    Description = "JSON file with settings of the new exchange, such as postgres: {...}. With postgres, init makes its"
        + " tables as their owner, in a database that must hold no exchange yet",
};

var init = new Command("init", "Make a new exchange: private authority, keys, catalogue and credentials")
{
    homeOption, policiesOption, portOption, signOption, settingsOption,
};
init.SetAction((parsed, ct) => RunAsync(async () =>
{
    var home = new HomeFolder(parsed.GetRequiredValue(homeOption).FullName);
    var policies = parsed.GetRequiredValue(policiesOption).FullName;
    var (port, sign) = (parsed.GetValue(portOption), parsed.GetValue(signOption));
    await new InitialiseHome(home, policies, port, sign, parsed.GetValue(settingsOption), TimeProvider.System)
        .RunAsync(Console.Out, ct);
}));

var serve = new Command("serve", "Run the exchange until it is told to stop") { homeOption };
serve.SetAction((parsed, ct) => RunAsync(async () =>
{
    var home = new HomeFolder(parsed.GetRequiredValue(homeOption).FullName);
    var settings = ExchangeSettings.Load(home);
    await using var app = ExchangeHost.Build(home, settings, TimeProvider.System);
    await app.Services.GetRequiredService<ICatalogue>().CheckSchemaAsync(ct);
    await app.Services.GetRequiredService<PartnershipBook>().ReloadAsync(ct);
    await CheckCodeListsAsync(app.Services, ct);
    await RecordAgreementsAsync(app.Services, ct);
    await app.StartAsync(ct);
    await Console.Out.WriteLineAsync($"listening on https://localhost:{settings.Port}");
    await app.WaitForShutdownAsync(ct);
}));

var root = new RootCommand("The IsaExchange service") { init, serve, MigrateVerb.Create(homeOption, RunAsync) };
foreach (var verb in OperatorVerbs.Create(homeOption, RunAsync))
    root.Subcommands.Add(verb);
return await root.Parse(args).InvokeAsync();

// What was accepted must stay explicable by the lists that it was held against.
static async Task CheckCodeListsAsync(IServiceProvider services, CancellationToken ct)
{
    var changed = await CodeListUses.FaultsAsync(
        services.GetRequiredService<ICatalogue>(), services.GetRequiredService<PolicyFolders>(), ct);
    if (changed.Count > 0)
        throw new PartnershipFaultsException(changed);
}

// Which revision of which agreement rules from this start on is part of the history that partners check.
static async Task RecordAgreementsAsync(IServiceProvider services, CancellationToken ct)
{
    var trail = services.GetRequiredService<AuditTrail>();
    var book = services.GetRequiredService<PartnershipBook>();
    foreach (var fault in book.Faults)
        await Console.Error.WriteLineAsync($"REFUSED {fault}. It decides nothing: restore a backup.");
    foreach (var agreement in book.All.Select(p => p.Agreement))
    {
        var loaded = new AuditEvent(AuditActions.LoadAgreement, "agreements/" + agreement.Id)
        {
            Agreement = agreement.Id,
            Revision = agreement.Revision,
            ObjectSha256 = agreement.Revision,
            Reason = agreement.Acts.Stage.ToString().ToUpperInvariant(),
            Subjects = [.. agreement.Parties.Select(p => new EventSubject(p.Id, ""))],
        };
        await trail.RecordAsync(loaded, ct);
    }

    foreach (var folder in book.Policies.All.Where(f => book.Find(f.Agreement.Id)?.Registered(
        f.Agreement.Revision) is null))
    {
        await Console.Error.WriteLineAsync(
            $"{folder.File} is not in the register and is not enforced. To bring it in: isax agreement propose FILE");
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
        e is SettingsException or PartnershipFaultsException or ExchangeException or IOException
            or CatalogueUnavailableException)
    {
        await Console.Error.WriteLineAsync(e.Message);
        return 2;
    }
}
