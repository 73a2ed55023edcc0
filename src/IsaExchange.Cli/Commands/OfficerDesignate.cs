using System.CommandLine;
using Google.Type;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>isax officer designate and deputy: somebody begins to answer for an authority.</summary>
static class OfficerDesignate
{
    public static Command Create(GlobalOptions globals) => Of(
        globals, new Command("designate", "Designate a liaison officer (the authority's signatory does).")
            .WithExample("isax officer designate jane-doe --name \"Jane Doe\" --contact jane.doe@police.example"),
        async (run, wanted) => await Resilience.Call(
            o => run.Exchange.Directory.DesignateOfficerAsync(wanted, o), run.Stop));

    public static Command Deputy(GlobalOptions globals) => Of(
        globals, new Command("deputy", "Appoint a deputy (the signatory or the officer does).")
            .WithExample("isax officer deputy jane-doe --name \"Jane Doe\" --contact jane.doe@police.example"),
        async (run, wanted) => await Resilience.Call(
            o => run.Exchange.Directory.AppointDeputyAsync(Deputised(wanted), o), run.Stop));

    static AppointDeputyRequest Deputised(DesignateOfficerRequest wanted) => new()
    {
        Parent = wanted.Parent, Person = wanted.Person, PersonName = wanted.PersonName, Contact = wanted.Contact,
        Areas = { wanted.Areas }, From = wanted.From, To = wanted.To, RequestId = wanted.RequestId,
    };

    static Command Of(
        GlobalOptions globals, Command command,
        Func<Invocation, DesignateOfficerRequest, Task<LiaisonOfficer>> designate)
    {
        var person = new Argument<string>("PERSON") { Description = "Id, as in the person's credential." };
        var name = new Option<string?>("--name") { Description = "Name of somebody new.", HelpName = "NAME" };
        var contact = new Option<string?>("--contact")
        {
            Description = "Where somebody new is reached.", HelpName = "MAIL",
        };
        var areas = Inputs.Areas(required: false);
        areas.Description = "Codes of the areas, separated by commas. Default: all of the authority's.";
        var from = Day("--from", "First day. Default: today.");
        var to = Day("--to", "Last day. Default: the agreement's.");
        var party = Inputs.Party();
        command.Arguments.Add(person);
        foreach (var option in new Option[] { name, contact, areas, from, to, party }) command.Options.Add(option);
        globals.Handle(command, async (parse, run) =>
        {
            var wanted = new DesignateOfficerRequest
            {
                Parent = Names.Party(run.Exchange.Agreement, parse.GetValue(party) ?? run.Exchange.Party),
                Person = parse.GetRequiredValue(person),
                PersonName = parse.GetValue(name) ?? "",
                Contact = parse.GetValue(contact) ?? "",
                Areas = { Inputs.Codes(parse.GetValue(areas)) },
                From = Wire(parse.GetValue(from)),
                To = Wire(parse.GetValue(to)),
                RequestId = RequestId.Fresh(),
            };
            run.Terminal.Show(OfficerList.Listing([await designate(run, wanted)]));
            return ExitCode.Ok;
        });
        return command;
    }

    static Date? Wire(DateOnly? day) => day is { } d ? WirePeriods.Write(d) : null;

    static Option<DateOnly?> Day(string name, string description) =>
        new(name) { Description = description, HelpName = "YYYY-MM-DD" };
}
