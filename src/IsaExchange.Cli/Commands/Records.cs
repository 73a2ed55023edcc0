using System.CommandLine;
using IsaExchange.Cli.Rendering;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>isax records: the records of another authority of the same area, for a purpose.</summary>
static class Records
{
    public static Command Create(GlobalOptions globals)
    {
        var party = new Option<string>("--party")
        {
            Description = "Id of the authority whose records they are.",
            HelpName = "PARTY",
            Required = true,
        };
        var dataset = Inputs.Dataset();
        var period = Inputs.Period();
        var areas = new Option<string[]>("--area")
        {
            Description = "Codes of the areas to read, separated by commas; the caller must have part in each.",
            HelpName = "A,B",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        var purpose = Inputs.Purpose();
        var columns = new Option<string[]>("--columns")
        {
            Description = "Names of columns, separated by commas. Default: all that are open to the caller.",
            HelpName = "A,B",
            AllowMultipleArgumentsPerToken = true,
        };
        var target = new Option<FileInfo?>("--out")
        {
            Description = "The CSV file to write. Default: stdout, once everything has come.",
            HelpName = "FILE",
        };
        var command = new Command("records", "Read the records of another authority of the same area, for a purpose.")
        {
            party, dataset, period, areas, purpose, columns, target,
        }.WithExample("isax records --party northmere-police --dataset police-recorded-crime --period 2026-07-01/P3M "
            + "--area X22000001 --purpose problem-solving --out crime.csv");
        globals.Handle(command, (parse, run) =>
        {
            var request = new ReadRecordsRequest
            {
                Parent = Names.Dataset(
                    run.Exchange.Agreement, parse.GetRequiredValue(party), parse.GetRequiredValue(dataset)),
                Period = WirePeriods.Write(parse.GetRequiredValue(period)),
                Purpose = parse.GetRequiredValue(purpose),
            };
            request.Areas.Add(Inputs.Codes(parse.GetValue(areas)));
            request.Columns.Add(Inputs.Codes(parse.GetValue(columns)));
            return Run(run, request, parse.GetValue(target)?.FullName);
        });
        return command;
    }

    static async Task<ExitCode> Run(Invocation run, ReadRecordsRequest request, string? path)
    {
        if (path is null)
        {
            var folder = Directory.CreateTempSubdirectory("isax-records-").FullName;
            try
            {
                path = Path.Combine(folder, "records.csv");
                var shown = await new RecordsDownload(run, request).Run(path);
                using var content = new StreamReader(path);
                for (var line = await content.ReadLineAsync(run.Stop); line is not null;
                    line = await content.ReadLineAsync(run.Stop))
                    run.Terminal.Line(line);
                Warn(run.Terminal, shown);
                return ExitCode.Ok;
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        var got = await new RecordsDownload(run, request).Run(path);
        run.Terminal.Show(
            [("records", Card(got, Path.GetFullPath(path))), ("sources", Sources(got))], csvPart: "records");
        Warn(run.Terminal, got);
        return ExitCode.Ok;
    }

    static Card Card(ReceivedRecords got, string path) => new Card()
        .Add("path", "path", path)
        .Add("records", "records", got.End.RowCount)
        .Add("bytes", "bytes", got.End.SizeBytes)
        .Add("sha256", "sha256", SubmissionAnswers.Hex(got.End.Sha256.Span))
        .Add("columns", "columns", got.Head.Columns)
        .Add("missing_areas", "missing", got.Head.MissingAreas)
        .Add("agreement_revision", "agreement", Names.Digest(got.Head.AgreementRevision));

    static Listing Sources(ReceivedRecords got)
    {
        var listing = new Listing(
            new("submission", "submission"), new("period", "period"), new("areas", "areas", Wraps: true),
            new("nil", "nil return"), new("sha256", "sha256", Detail: true), new("event_id", "event", Detail: true));
        foreach (var s in got.Head.Sources)
        {
            listing.Add(
                Names.Cell(s.Submission), WirePeriods.Cell(s.Period), s.Areas, s.NilReturn,
                SubmissionAnswers.Hex(s.ContentSha256.Span), s.EventId);
        }
        return listing;
    }

    static void Warn(Terminal terminal, ReceivedRecords got)
    {
        foreach (var area in got.Head.MissingAreas)
            terminal.Warn($"MISSING: {area} is not submitted for the whole period; what is not there is not zero");
    }
}
