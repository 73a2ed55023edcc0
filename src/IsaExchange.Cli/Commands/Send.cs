using System.CommandLine;
using System.Globalization;
using Google.Protobuf;
using IsaExchange.Agreement;
using IsaExchange.Cli.Rendering;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;
using State = IsaExchange.V1.Submission.Types.State;

namespace IsaExchange.Cli.Commands;

/// <summary>
/// isax send: a file on its way to the exchange, resumed by itself when the same command is run again.
/// </summary>
static class Send
{
    public static Command Create(GlobalOptions globals)
    {
        var file = Inputs.File("The file to send: CSV, also packed by gzip, or a workbook (its first sheet).");
        var dataset = Inputs.Dataset();
        var period = Inputs.Period();
        var areas = Inputs.Areas(required: false);
        var party = Inputs.Party();
        var submit = new Option<bool>("--submit")
        {
            Description = "Submit it when it has no errors; without this it is only checked.",
        };
        var supersedes = new Option<string?>("--supersedes")
        {
            Description = "The submitted one that this file corrects. History stays.",
            HelpName = "SUB",
        };
        var reason = new Option<string?>("--reason") { Description = "Why it is corrected.", HelpName = "TEXT" };
        var command = new Command("send",
            "Send a file: upload, check, and with --submit submit it. Running it again goes on.")
        {
            file, dataset, period, areas, submit, supersedes, reason, party,
        }.WithExample("isax send crime.csv --dataset police-recorded-crime --period 2026-07-01/P3M --submit");
        command.Validators.Add(result =>
        {
            if (result.GetValue(supersedes) is not null != result.GetValue(reason) is not null)
                result.AddError("--supersedes and --reason go together: a correction says what it corrects and why.");
        });
        globals.Handle(command, (parse, run) => Submitting.WithVerdict(run, () => Run(run, new Order(
            parse.GetRequiredValue(file), parse.GetRequiredValue(dataset), parse.GetRequiredValue(period),
            Inputs.Codes(parse.GetValue(areas)), parse.GetValue(party) ?? run.Exchange.Party, parse.GetValue(submit),
            parse.GetValue(supersedes), parse.GetValue(reason) ?? ""))));
        return command;
    }

    static async Task<(ExitCode, string)> Run(Invocation run, Order order)
    {
        using var sheet = Sheet.Of(order.File);
        if (sheet is not null)
            run.Terminal.Say($"the first sheet of {order.File.Name} is sent, as CSV");
        var file = await ContentFile.Measure(sheet?.Csv ?? order.File, run.Stop);
        var areas = order.Areas.Length > 0
            ? order.Areas
            : await Owed.Areas(run, order.Party, order.Dataset, order.Period);
        var supersedes = order.Supersedes is null ? "" : await SubmissionLookup.Name(run, order.Supersedes);
        var submission = await Submitting.Open(
            run, Names.Dataset(run.Exchange.Agreement, order.Party, order.Dataset),
            Draft(order, file, areas, supersedes), Identity(order, file, areas, supersedes));
        if (submission.State is State.Open or State.Validating)
        {
            run.Terminal.Say($"sending {file.Size} bytes to {submission.Name}");
            submission = await ByteProgress.Run(run.Terminal, "sending", file.Size,
                progress => new Upload(run.Exchange, submission.Name, file, progress).Run(run.Stop));
            submission = await Submitting.Checked(run, submission);
        }
        return order.Submit && submission.State is State.Ready
            ? await Submitting.Submit(run, submission)
            : await Submitting.Conclude(run, submission);
    }

    static Submission Draft(Order order, ContentFile file, string[] areas, string supersedes) => new()
    {
        Period = WirePeriods.Write(order.Period),
        Areas = { areas },
        ContentKind = ContentKind.Table,
        ExpectedSizeBytes = file.Size,
        ExpectedSha256 = ByteString.CopyFrom(file.Sha256),
        Supersedes = supersedes,
        CorrectionReason = order.Reason,
    };

    static string[] Identity(Order order, ContentFile file, string[] areas, string supersedes) =>
    [
        "table", order.Period.Iso, string.Join(',', areas), file.Size.ToString(CultureInfo.InvariantCulture),
        file.Sha256Hex, supersedes, order.Reason,
    ];

    sealed record Order(
        FileInfo File, string Dataset, InformationPeriod Period, string[] Areas, string Party, bool Submit,
        string? Supersedes, string Reason);
}
