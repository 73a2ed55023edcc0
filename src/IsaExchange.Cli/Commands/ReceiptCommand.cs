using System.CommandLine;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>isax receipt: what an authority keeps to show that it sent, what, and when.</summary>
static class ReceiptCommand
{
    static readonly TimeSpan IntegrationMax = TimeSpan.FromSeconds(5);

    public static Command Create(GlobalOptions globals)
    {
        var submission = Inputs.Submission();
        var verify = new Option<bool>("--verify")
        {
            Description = "Check the signature and, when there is one, the proof that it is in the log.",
        };
        var target = new Option<FileInfo?>("--out")
        {
            Description = "Write the signed receipt to FILE, and its proof to FILE.tlog-proof.",
            HelpName = "FILE",
        };
        var command = new Command("receipt", "Show, check and keep the receipt of a submission.")
        {
            submission, verify, target,
        }.WithExample("isax receipt hospital-admissions/01j9 --verify --out receipt.txt");
        globals.Handle(command, (parse, run) =>
            Run(run, parse.GetRequiredValue(submission), parse.GetValue(verify), parse.GetValue(target)?.FullName));
        return command;
    }

    static async Task<ExitCode> Run(Invocation run, string text, bool verify, string? target)
    {
        var receipt = await Integrated(run, text);
        var card = SubmissionAnswers.Receipt(receipt);
        if (verify)
        {
            var key = LogKey.Read(run.Credential.LogVkeyPath);
            var proved = ReceiptCheck.Verify(receipt, key);
            card.Add("signature", "signature", "verified").Add("in_log", "in the log", proved);
            if (!proved) run.Terminal.Warn("not in the log yet; the signature holds. Ask again for the proof");
        }
        run.Terminal.Show(card);
        if (target is null) return ExitCode.Ok;
        await ArrivingFile.WriteText(target, receipt.SignedNote, run.Stop);
        run.Terminal.Say($"wrote {target}");
        if (receipt.InclusionProof.Length == 0) return ExitCode.Ok;
        await ArrivingFile.WriteText(target + ".tlog-proof", receipt.InclusionProof, run.Stop);
        run.Terminal.Say($"wrote {target}.tlog-proof");
        return ExitCode.Ok;
    }

    // The receipt is good at once; its place in the log follows within a second.
    static async Task<Receipt> Integrated(Invocation run, string text)
    {
        var submission = await SubmissionLookup.Get(run, text);
        var started = run.Clock.GetTimestamp();
        while (submission.Receipt is { InclusionProof.Length: 0 } && run.Clock.GetElapsedTime(started) < IntegrationMax)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(300), run.Clock, run.Stop);
            submission = await SubmissionLookup.Get(run, submission.Name);
        }
        return submission.Receipt ?? throw new VerbException(ExitCode.NotFound,
            $"{submission.Name} has no receipt: it is {SubmissionAnswers.State(submission.State).Eyes}",
            "a receipt comes with isax submit");
    }
}
