using System.CommandLine;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;
using State = IsaExchange.V1.Submission.Types.State;

namespace IsaExchange.Cli.Commands;

/// <summary>isax nil: "nothing happened", said and receipted, not left out.</summary>
static class Nil
{
    public static Command Create(GlobalOptions globals)
    {
        var dataset = Inputs.Dataset();
        var period = Inputs.Period();
        var areas = Inputs.Areas(required: false);
        var party = Inputs.Party();
        var reason = new Option<string>("--reason")
        {
            Description = "Why there is nothing to report.",
            HelpName = "TEXT",
            Required = true,
        };
        var command = new Command("nil", "Submit a nil return: there was nothing to report, and why.")
        {
            dataset, period, reason, areas, party,
        }.WithExample("isax nil --dataset hospital-admissions --period 2026-07-01/P3M --reason \"none recorded\"");
        globals.Handle(command, (parse, run) => Submitting.WithVerdict(run, async () =>
        {
            var owner = parse.GetValue(party) ?? run.Exchange.Party;
            var id = parse.GetRequiredValue(dataset);
            var when = parse.GetRequiredValue(period);
            var codes = Inputs.Codes(parse.GetValue(areas));
            if (codes.Length == 0) codes = await Owed.Areas(run, owner, id, when);
            var draft = new Submission
            {
                Period = WirePeriods.Write(when),
                Areas = { codes },
                ContentKind = ContentKind.NilReturn,
                NilReturnReason = parse.GetRequiredValue(reason),
            };
            var submission = await Submitting.Open(run, Names.Dataset(run.Exchange.Agreement, owner, id), draft,
                ["nil", when.Iso, string.Join(',', codes), draft.NilReturnReason]);
            submission = await Submitting.Checked(run, submission);
            return submission.State is State.Ready
                ? await Submitting.Submit(run, submission)
                : await Submitting.Conclude(run, submission);
        }));
        return command;
    }
}
