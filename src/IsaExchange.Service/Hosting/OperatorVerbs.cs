using System.CommandLine;
using IsaExchange.Agreement;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Service.Identity;
using IsaExchange.Service.Settings;

namespace IsaExchange.Service.Hosting;

/// <summary>What an operator does on the home itself, because nobody could call for it.</summary>
static class OperatorVerbs
{
    /// <param name="run">Runs an action and turns how it ended into an exit code.</param>
    public static IEnumerable<Command> Create(Option<DirectoryInfo> home, Func<Func<Task>, Task<int>> run) =>
    [
        Enrol(home, run), Link(home, run), DemoToken(home, run), FsckVerb.Create(home, run),
        DoctorVerb.Create(home, run),
        KeyVerbs.Create(home, run), .. BackupVerbs.Create(home, run),
    ];

    static Command Enrol(Option<DirectoryInfo> home, Func<Func<Task>, Task<int>> run)
    {
        var agreement = new Option<string?>("--agreement") { Description = "Id of the agreement" };
        var party = new Option<string>("--party") { Description = "Id of the party", Required = true };
        var holder = new Option<string>("--holder") { Description = "Subject of the holder", Required = true };
        var request = new Option<FileInfo>("--request") { Description = "PKCS#10 request in DER", Required = true };
        var target = new Option<FileInfo>("--out") { Description = "Where the certificate goes", Required = true };
        var command = new Command("enrol", "Enrol a key for a holder, without a call")
        {
            home, agreement, party, holder, request, target,
        };
        command.SetAction((parsed, ct) => run(async () =>
        {
            using var opened = await OpenAsync(parsed.GetRequiredValue(home), ct);
            var (at, subject) = (parsed.GetRequiredValue(party), parsed.GetRequiredValue(holder));
            var whom = new NewHolder(opened.Designating(parsed.GetValue(agreement), at, subject), at, subject);
            var der = await File.ReadAllBytesAsync(parsed.GetRequiredValue(request).FullName, ct);
            var row = await new EnrolmentByOperator(opened.Trail, opened.Registry).RunAsync(whom, der, ct);
            await File.WriteAllTextAsync(parsed.GetRequiredValue(target).FullName, row.CertificatePem, ct);
            await Console.Out.WriteLineAsync(row.Name);
        }));
        return command;
    }

    static Command Link(Option<DirectoryInfo> home, Func<Func<Task>, Task<int>> run)
    {
        var agreement = new Option<string?>("--agreement") { Description = "Id of the agreement" };
        var party = new Option<string>("--party") { Description = "Id of the party", Required = true };
        var issuer = new Option<string>("--issuer") { Description = "Issuer of the tokens", Required = true };
        var subject = new Option<string>("--subject") { Description = "The person's subject there", Required = true };
        var person = new Option<string>("--person") { Description = "Id of the person", Required = true };
        var command = new Command("link", "Say who a subject of an identity provider is, without a call")
        {
            home, agreement, party, issuer, subject, person,
        };
        command.SetAction((parsed, ct) => run(async () =>
        {
            using var opened = await OpenAsync(parsed.GetRequiredValue(home), ct);
            var (who, whose, id) = (
                parsed.GetRequiredValue(issuer), parsed.GetRequiredValue(subject), parsed.GetRequiredValue(person));
            var found = opened.Designating(
                parsed.GetValue(agreement), parsed.GetRequiredValue(party), Principal.ForPerson(id).Subject);
            var at = new PartyName(found.Id, parsed.GetRequiredValue(party));
            var gate = new AgreementGate(opened.Book, opened.Trail, TimeProvider.System);
            var links = new LinkIdentity(
                gate, opened.Trail, new PersonHomes(gate, opened.Trail, TimeProvider.System),
                new TrustedIssuers([.. opened.Settings.Issuers.Select(i => i.Issuer)]), TimeProvider.System);
            links.CheckWords(found, at.Party, who, whose, id);
            var audited = await opened.Trail.CommitAsync(
                async scope =>
                {
                    var row = await links.AddAsync(scope.Catalogue, at, who, whose, id, linkedBy: "", ct);
                    await scope.RecordAsync(new AuditEvent(AuditActions.LinkIdentity, row.Name)
                    {
                        Agreement = found.Id,
                        Revision = found.Revision,
                        Subjects = [new EventSubject(at.Party, "")],
                    });
                    return row.Name;
                },
                ct);
            await Console.Out.WriteLineAsync(audited.Value);
        }));
        return command;
    }

    static Command DemoToken(Option<DirectoryInfo> home, Func<Func<Task>, Task<int>> run)
    {
        var person = new Option<string>("--person") { Description = "Id of the person", Required = true };
        var command = new Command("demo-token", "Make a token of the issuer without logins; Development only")
        {
            home, person,
        };
        command.SetAction((parsed, _) => run(async () =>
        {
            var folder = new HomeFolder(parsed.GetRequiredValue(home).FullName);
            if (!ExchangeSettings.Load(folder).DemoIssuer)
                throw new SettingsException($"{folder.Settings}: demo_issuer is not set.");
            await Console.Out.WriteLineAsync(
                DemoIssuer.Open(folder).Token(parsed.GetRequiredValue(person), TimeProvider.System));
        }));
        return command;
    }

    static Task<OpenedHome> OpenAsync(DirectoryInfo home, CancellationToken ct) =>
        OpenedHome.OpenAsync(new HomeFolder(home.FullName), TimeProvider.System, ct);
}
