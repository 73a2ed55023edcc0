using System.CommandLine;
using Grpc.Core;
using IsaExchange.Cli.Rendering;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>isax export: a submitted dataset, sealed for one recipient; stock age opens it.</summary>
static class Export
{
    public static Command Create(GlobalOptions globals)
    {
        var submission = Inputs.Submission();
        var to = new Option<string>("--to")
        {
            Description = "The recipient's age public key (X25519).",
            HelpName = "age1...",
            Required = true,
        };
        to.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>()?.StartsWith("age1", StringComparison.Ordinal) != true)
                result.AddError("--to: an age recipient begins with age1.");
        });
        var purpose = Inputs.Purpose();
        var target = new Option<FileInfo>("--out")
        {
            Description = "The sealed file to write.",
            HelpName = "FILE",
            Required = true,
        };
        var command = new Command("export", "Export a submitted dataset, sealed for a recipient; age -d opens it.")
        {
            submission, to, purpose, target,
        }.WithExample(
            "isax export police-recorded-crime/01j9 --to age1... --purpose strategic-assessment --out crime.csv.age");
        globals.Handle(command, async (parse, run) =>
        {
            var request = new ExportContentRequest
            {
                Name = await SubmissionLookup.Name(run, parse.GetRequiredValue(submission)),
                Recipient = parse.GetRequiredValue(to),
                Purpose = parse.GetRequiredValue(purpose),
            };
            await using var file = ArrivingFile.Create(parse.GetRequiredValue(target).FullName);
            await Resilience.Stream(
                async options =>
                {
                    // Sealed anew for the recipient each time: a broken stream begins again.
                    file.Content.SetLength(0);
                    using var call = run.Exchange.Submissions.ExportContent(request, options);
                    await foreach (var part in call.ResponseStream.ReadAllAsync(run.Stop))
                        await file.Content.WriteAsync(part.Data.Memory, run.Stop);
                },
                run.Stop);
            var size = file.Content.Length;
            await file.Arrive();
            run.Terminal.Show(new Card().Add("path", "path", file.Path).Add("bytes", "bytes", size));
            return ExitCode.Ok;
        });
        return command;
    }
}
