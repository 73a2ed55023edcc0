using System.CommandLine;
using System.Globalization;
using IsaExchange.Cli.Rendering;
using IsaExchange.Cli.Tables;
using IsaExchange.DisclosureControl.OwnTables;

namespace IsaExchange.Cli.Commands;

/// <summary>isax rates: events per 1,000 residents, from a table of a release. Offline.</summary>
static class Rates
{
    public static Command Create(GlobalOptions globals)
    {
        var table = Inputs.File("A CSV table of a release.");
        var population = new Option<FileInfo>("--population")
        {
            Description = "CSV with the residents of each area.",
            HelpName = "CSV",
            Required = true,
        };
        var edition = Text("--edition", "Which residents they are, for example census-2021. Each row says so.", "");
        edition.Required = true;
        var area = Text("--area", "Column of the table with the codes of areas.", "area_code");
        var total = new Option<string?>("--total")
        {
            Description = "Code that stands for all other areas of the table together.",
            HelpName = "CODE",
        };
        var code = Text("--code-column", "Column of the population file with the codes of areas.", "area_code");
        var residents = Text("--residents-column", "Column of the population file with the residents.", "residents");
        var command = new Command("rates", "Rates per 1,000 residents, from published counts alone.")
        {
            table, population, edition, area, total, code, residents,
        }.WithExample("isax rates crime-by-csp.csv --population mid-2025.csv --edition mid-2025 -o csv");
        globals.Handle(command, (parse, run) =>
        {
            var file = parse.GetRequiredValue(population);
            if (!file.Exists)
                throw new VerbException(ExitCode.Usage, $"there is no file {file}");
            var faults = new List<TableFault>();
            var rated = RateFiles.Read(parse.GetRequiredValue(table).FullName, file.FullName, new RateColumns(
                parse.GetValue(area)!, parse.GetValue(total), parse.GetValue(code)!, parse.GetValue(residents)!),
                faults);
            return Task.FromResult(rated is null
                ? DisclosureCheck.Faulty(run.Terminal, faults, "NO RATES")
                : Show(run.Terminal, rated, parse.GetValue(edition)!));
        });
        return command;
    }

    static ExitCode Show(Terminal terminal, RateFiles rated, string edition)
    {
        var listing = new Listing([
            .. rated.Columns.Select(name => new Column(name, name)), new("residents", "residents", Number: true),
            new("population_edition", "population_edition"), new("rate", "rate", Number: true),
            new("rate_lo", "rate_lo", Number: true), new("rate_hi", "rate_hi", Number: true)]);
        foreach (var row in rated.Rows)
        {
            listing.Add([.. row.Cells, row.Residents, edition, Two(row.Rate?.Value), Two(row.Rate?.Lo),
                Two(row.Rate?.Hi)]);
        }

        terminal.Show(listing);
        terminal.Verdict($"rows: {rated.Rows.Count}, with a rate: {rated.Rows.Count(row => row.Rate is not null)}");
        return ExitCode.Ok;
    }

    static string? Two(decimal? rate) => rate?.ToString("0.00", CultureInfo.InvariantCulture);

    static Option<string> Text(string name, string description, string otherwise)
    {
        var option = new Option<string>(name) { Description = description, HelpName = "NAME" };
        if (otherwise.Length > 0)
            option.DefaultValueFactory = _ => otherwise;
        return option;
    }
}
