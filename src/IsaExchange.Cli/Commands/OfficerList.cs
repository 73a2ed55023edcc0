using System.CommandLine;
using IsaExchange.Cli.Rendering;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>isax officer list: everybody designated, and the vacancies of today.</summary>
static class OfficerList
{
    public static Command Create(GlobalOptions globals)
    {
        var party = new Option<string?>("--party") { Description = "Only this authority's.", HelpName = "PARTY" };
        var all = new Option<bool>("--all") { Description = "Those whose time is over, or has not come, as well." };
        var command = new Command("list", "List liaison officers and deputies, and where nobody is.") { party, all }
            .WithExample("isax officer list");
        globals.Handle(command, async (parse, run) =>
        {
            ListOfficersResponse? first = null;
            var officers = await Paging.All(async token =>
            {
                var page = await Resilience.Call(o => run.Exchange.Directory.ListOfficersAsync(new ListOfficersRequest
                {
                    Parent = Names.Agreement(run.Exchange.Agreement), Party = parse.GetValue(party) ?? "",
                    PageSize = Paging.PageSize, PageToken = token,
                }, o), run.Stop);
                first ??= page;
                return (page.Officers, page.NextPageToken);
            });
            if (!parse.GetValue(all)) officers.RemoveAll(o => !o.Current);
            run.Terminal.Show(
                [("officers", Listing(officers)), ("vacancies", Vacancies(first!.Vacancies))], csvPart: "officers");
            foreach (var vacancy in first.Vacancies.Where(v => !v.DeputyActs))
                run.Terminal.Warn(
                    $"{vacancy.Party} has neither officer nor deputy for {string.Join(", ", vacancy.Areas)}");
            return ExitCode.Ok;
        });
        return command;
    }

    public static Listing Listing(IEnumerable<LiaisonOfficer> officers)
    {
        var listing = new Listing(
            new("party", "authority"), new("name", "who"), new("person", "id"), new("contact", "contact"),
            new("role", "as"), new("areas", "areas", Wraps: true), new("from", "from"), new("to", "to"),
            new("ended", "ended"), new("clause", "designation"));
        foreach (var o in officers)
        {
            listing.Add(o.Party, o.Person, o.PersonId, o.Contact, o.Deputy ? "deputy" : "officer", o.Areas,
                WirePeriods.Day(o.From), WirePeriods.Day(o.To), SubmissionAnswers.Time(o.EndTime), o.Clause);
        }
        return listing;
    }

    static Listing Vacancies(IEnumerable<Vacancy> vacancies)
    {
        var listing = new Listing(
            new("party", "VACANT: authority"), new("areas", "areas", Wraps: true), new("acting", "acting"));
        foreach (var v in vacancies) listing.Add(v.Party, v.Areas, v.DeputyActs ? "the deputy" : "NOBODY");
        return listing;
    }
}
