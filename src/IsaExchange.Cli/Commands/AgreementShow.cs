using System.CommandLine;
using IsaExchange.Agreement;
using IsaExchange.Cli.Rendering;

namespace IsaExchange.Cli.Commands;

/// <summary>isax agreement show: an agreement on one screen, or one clause and what enforces it.</summary>
static class AgreementShow
{
    public static Command Create(GlobalOptions globals)
    {
        var file = new Argument<FileInfo>("FILE") { Description = "The agreement." }.AcceptExistingOnly();
        var clause = new Option<string?>("--clause")
        {
            Description = "A clause by the name that refusals give it, or a section, for example feeds.",
            HelpName = "CLAUSE",
        };
        var today = new Option<DateOnly?>("--today")
        {
            Description = "The day whose officers are shown. Default: today.",
            HelpName = "YYYY-MM-DD",
        };
        var command = new Command("show", "Tell who owes what to whom and when, who reads what, and who signs.")
        {
            file, clause, today,
        }.WithExample("isax agreement show policies/northmere/agreement.yaml --clause feeds[admissions-by-csp]");
        globals.Handle(command, (parse, run) =>
        {
            var agreement = AgreementFile.Load(parse.GetRequiredValue(file));
            var day = parse.GetValue(today) ?? LondonTime.Date(run.Clock.GetUtcNow());
            return Task.FromResult(parse.GetValue(clause) is { } name
                ? Clause(run.Terminal, agreement, name)
                : Whole(run.Terminal, agreement, day));
        });
        return command;
    }

    static ExitCode Clause(Terminal terminal, SharingAgreement agreement, string name)
    {
        var pages = AgreementClauses.Of(agreement).Where(c => c.Clause == name).ToList();
        if (pages.Count == 0) pages = [.. AgreementClauses.Of(agreement).Where(c => c.Section == name)];
        if (pages.Count == 0)
            throw new VerbException(ExitCode.NotFound, $"the agreement has no clause {name}",
                "name one as refusals do, for example officers[PARTY/PERSON], or a section");
        var listing = new Listing(
            new("clause", "clause"), new("word", "word"), new("value", "says", Wraps: true),
            new("enforced_by", "because of it", Wraps: true, Detail: true));
        foreach (var page in pages)
        {
            foreach (var (word, value) in page.Words) listing.Add(page.Clause, word, value, page.EnforcedBy);
        }
        terminal.Show(listing);
        terminal.Verdict(pages[0].EnforcedBy);
        return ExitCode.Ok;
    }

    static ExitCode Whole(Terminal terminal, SharingAgreement agreement, DateOnly day)
    {
        terminal.Show(
            [("agreement", Head(agreement)), ("owed", Owed(agreement)), ("feeds", Feeds(agreement)),
                ("parties", Parties(agreement, day))],
            csvPart: "owed");
        return ExitCode.Ok;
    }

    static Card Head(SharingAgreement a) => new Card()
        .Add("agreement", "agreement", a.Id)
        .Add("title", "title", a.Title)
        .Add("version", "version", a.Version)
        .Add("revision", "revision", new TwoForms(a.Revision[..12], a.Revision))
        .Add("parent", "made under", a.Parent)
        .Add("document", "signed paper", a.Document?.Kept)
        .Add("term", "term", $"{Cell.Text(a.From)} to {Cell.Text(a.To)}; "
            + $"review due {Cell.Text(a.ReviewDue)}, publishing stops after {Cell.Text(a.ReviewGraceEnd)}")
        .Add("owner", "kept by", a.Owner)
        .Add("signing", "in force with", $"{a.Signing.Quorum} of {a.Parties.Count} signatures")
        .Add("onward", "onward", a.Onward is { Consent: true } ? "only with the originator's consent" : null)
        .Add("contacts", "contacts", a.Contacts.Select(c => $"{c.Matter}: {c.Person}"))
        .Add("processors", "processors", a.Processors.Select(p => $"{p.Name} for {p.Party}"));

    static Listing Owed(SharingAgreement a)
    {
        var listing = new Listing(
            new("dataset", "dataset"), new("party", "owed by"), new("areas", "for", Wraps: true),
            new("cadence", "every"),
            new("due", "due"), new("basis", "basis", Wraps: true), new("records", "records read by", Wraps: true));
        foreach (var d in a.DatasetsOwed)
        {
            listing.Add(
                d.Dataset, d.Party, d.Areas, d.Cadence == Cadence.Monthly ? "month" : "quarter",
                d.DueDays is { } days ? $"{days} days after" : "end of the next", d.LegalBasis, Readers(a, d.Dataset));
        }
        return listing;
    }

    static string Readers(SharingAgreement a, string dataset) =>
        a.Records.FirstOrDefault(r => r.Dataset == dataset) switch
        {
            null => "nobody: closed",
            { Readers.Count: 0 } => "relevant authorities",
            var records => string.Join(", ", records.Readers),
        };

    static Listing Feeds(SharingAgreement a)
    {
        var listing = new Listing(
            new("feed", "feed"), new("regime", "regime"), new("marking", "marking"),
            new("approvals", "approvals", Number: true), new("embargo_days", "embargo, days", Number: true),
            new("purposes", "for", Wraps: true), new("readers", "read by", Wraps: true));
        foreach (var f in a.Feeds)
        {
            var readers = f.Readers.Count == a.Parties.Count ? "every party" : string.Join(", ", f.Readers);
            listing.Add(f.Id, f.Regime, f.Marking, f.Approvals, f.EmbargoDays, f.Purposes,
                new TwoForms(readers, string.Join(", ", f.Readers)));
        }
        return listing;
    }

    static Listing Parties(SharingAgreement a, DateOnly day)
    {
        var listing = new Listing(
            new("party", "party"), new("class", "class", Detail: true), new("member", "member", Wraps: true),
            new("officer", "liaison officer", Wraps: true), new("signatory", "signs", Wraps: true));
        foreach (var p in a.Parties)
        {
            var officers = a.OfficersOn(p.Id, day).Select(o => o.Deputy ? $"({o.Person})" : o.Person).ToList();
            listing.Add(
                p.Id, p.Class, Member(p), officers.Count == 0 ? "VACANT" : string.Join(", ", officers),
                a.Signing.Signatories.Where(s => s.Party == p.Id).Select(s => s.Person));
        }
        return listing;
    }

    static string Member(PartyClause party) => (party.From, party.To) switch
    {
        (null, null) => "whole term",
        (null, { } to) => $"to {Cell.Text(to)}",
        ({ } from, null) => $"from {Cell.Text(from)}",
        var (from, to) => $"{Cell.Text(from)} to {Cell.Text(to)}",
    };
}
