using System.CommandLine;
using IsaExchange.Agreement.Obligations;
using IsaExchange.Cli.Rendering;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>isax withhold: the answer that nothing can be shared, and why.</summary>
static class Withhold
{
    public static Command Create(GlobalOptions globals)
    {
        var dataset = Inputs.Dataset();
        var period = Inputs.Period();
        var areas = Inputs.Areas(required: false);
        areas.Description = "Codes of the areas, separated by commas. Default: all that are owed it.";
        var party = Inputs.Party();
        var reason = new Option<string>("--reason")
        {
            Description = $"One of {string.Join(", ", WithheldReasons.All)}.", HelpName = "REASON", Required = true,
        }.AcceptOnlyFromAmong([.. WithheldReasons.All]);
        var note = new Option<string?>("--note")
        {
            Description = "What the partners should know: no names, no personal data.", HelpName = "TEXT",
        };
        var command = new Command("withhold", "Answer that a return cannot be shared, and why. It is no content.")
        {
            dataset, period, areas, reason, note, party,
        }.WithExample(
            "isax withhold --dataset hospital-admissions --period 2026-07-01/P3M --reason constitutes-personal-data");
        globals.Handle(command, async (parse, run) =>
        {
            var parent = Names.Dataset(
                run.Exchange.Agreement, parse.GetValue(party) ?? run.Exchange.Party, parse.GetRequiredValue(dataset));
            var answer = new V1.Withholding
            {
                Period = WirePeriods.Write(parse.GetRequiredValue(period)),
                Reason = parse.GetRequiredValue(reason),
                Note = parse.GetValue(note) ?? "",
                Areas = { Inputs.Codes(parse.GetValue(areas)) },
            };
            var request = new WithholdReturnRequest
            {
                Parent = parent,
                Withholding = answer,
                RequestId = RequestId.Of(
                    "withhold", parent, answer.Period.ToString(), string.Join(',', answer.Areas), answer.Reason,
                    answer.Note),
            };
            var made = await Resilience.Call(
                o => run.Exchange.Compliance.WithholdReturnAsync(request, o), run.Stop);
            run.Terminal.Show(new Card()
                .Add("name", "withheld", Names.Cell(made.Name))
                .Add("period", "period", WirePeriods.Cell(made.Period))
                .Add("areas", "areas", made.Areas)
                .Add("reason", "reason", made.Reason)
                .Add("note", "note", made.Note)
                .Add("time", "time", SubmissionAnswers.Time(made.CreateTime))
                .Add("event_id", "event", made.EventId));
            return ExitCode.Ok;
        });
        return command;
    }
}
