using System.CommandLine;
using IsaExchange.Cli.Rendering;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>isax exception: more time for an authority, granted, taken back and listed.</summary>
static class Exceptions
{
    public static Command Create(GlobalOptions globals) =>
        new("exception", "Grant an authority more time, take it back, or list who has more.")
        {
            Grant(globals), Revoke(globals), List(globals),
        };

    static Command Grant(GlobalOptions globals)
    {
        var party = new Option<string>("--party")
        {
            Description = "Id of the authority that gets more time.", HelpName = "PARTY", Required = true,
        };
        var dataset = Inputs.Dataset();
        var period = Inputs.Period();
        var areas = Inputs.Areas(required: false);
        areas.Description = "Codes of the areas, separated by commas. Default: all that are owed it.";
        var until = new Option<DateOnly>("--until")
        {
            Description = "The last day, in London.", HelpName = "YYYY-MM-DD", Required = true,
        };
        var reason = new Option<string>("--reason")
        {
            Description = "Why. The partners read it: no names, no personal data.", HelpName = "TEXT", Required = true,
        };
        var command = new Command("grant", "Give an authority more time, or open a locked period for it.")
        {
            party, dataset, period, areas, until, reason,
        }.WithExample(
            "isax exception grant --party northmere-police --dataset police-recorded-crime --period 2026-07-01/P3M "
            + "--until 2027-01-31 --reason \"records system replaced\"");
        globals.Handle(command, async (parse, run) =>
        {
            var granted = new ObligationException
            {
                Party = parse.GetRequiredValue(party),
                Dataset = parse.GetRequiredValue(dataset),
                Period = WirePeriods.Write(parse.GetRequiredValue(period)),
                UntilDate = WirePeriods.Write(parse.GetRequiredValue(until)),
                Reason = parse.GetRequiredValue(reason),
                Areas = { Inputs.Codes(parse.GetValue(areas)) },
            };
            var request = new GrantExceptionRequest
            {
                Parent = Names.Agreement(run.Exchange.Agreement), Exception = granted, RequestId = RequestId.Fresh(),
            };
            var made = await Resilience.Call(
                o => run.Exchange.Compliance.GrantExceptionAsync(request, o), run.Stop);
            run.Terminal.Show(Listed([made]));
            return ExitCode.Ok;
        });
        return command;
    }

    static Command Revoke(GlobalOptions globals)
    {
        var exception = new Argument<string>("EXCEPTION") { Description = "Its id; isax exception list shows it." };
        var command = new Command("revoke", "Take an exception back from now on.") { exception }
            .WithExample("isax exception revoke 0198f3");
        globals.Handle(command, async (parse, run) =>
        {
            var id = parse.GetRequiredValue(exception);
            var name = Names.IsWhole(id) ? id : $"{Names.Agreement(run.Exchange.Agreement)}/exceptions/{id}";
            var request = new RevokeExceptionRequest { Name = name, RequestId = RequestId.Of("revoke", name) };
            var revoked = await Resilience.Call(
                o => run.Exchange.Compliance.RevokeExceptionAsync(request, o), run.Stop);
            run.Terminal.Show(Listed([revoked]));
            return ExitCode.Ok;
        });
        return command;
    }

    static Command List(GlobalOptions globals)
    {
        var all = new Option<bool>("--all") { Description = "Those that have run out or were taken back too." };
        var command = new Command("list", "Show who has more time, until when and why.") { all }
            .WithExample("isax exception list");
        globals.Handle(command, async (parse, run) =>
        {
            var exceptions = await Paging.All(async token =>
            {
                var page = await Resilience.Call(
                    o => run.Exchange.Compliance.ListExceptionsAsync(new ListExceptionsRequest
                    {
                        Parent = Names.Agreement(run.Exchange.Agreement),
                        OpenOnly = !parse.GetValue(all),
                        PageSize = Paging.PageSize,
                        PageToken = token,
                    }, o),
                    run.Stop);
                return (page.Exceptions, page.NextPageToken);
            });
            run.Terminal.Show(Listed(exceptions), whenEmpty: "no exception is open");
            return ExitCode.Ok;
        });
        return command;
    }

    static Listing Listed(IEnumerable<ObligationException> exceptions)
    {
        var listing = new Listing(
            new("exception", "exception"), new("party", "authority"), new("dataset", "dataset"),
            new("period", "period"), new("areas", "areas"), new("until", "until"), new("reason", "why", Wraps: true),
            new("granted_by", "by"), new("grant_time", "granted", Detail: true), new("revoke_time", "taken back"));
        foreach (var e in exceptions)
        {
            listing.Add(Names.Last(e.Name), e.Party, e.Dataset, WirePeriods.Cell(e.Period), e.Areas,
                WirePeriods.Day(e.UntilDate), e.Reason, e.GrantedBy, SubmissionAnswers.Time(e.GrantTime),
                SubmissionAnswers.Time(e.RevokeTime));
        }

        return listing;
    }
}
