using System.CommandLine;
using IsaExchange.Service.Settings;

namespace IsaExchange.Service.Hosting;

/// <summary>Brings the tables of an exchange to what this program needs. The service itself never does.</summary>
static class MigrateVerb
{
    /// <param name="run">Runs an action and turns how it ended into an exit code.</param>
    public static Command Create(Option<DirectoryInfo> home, Func<Func<Task>, Task<int>> run)
    {
        var command = new Command(
            "migrate",
            "Bring the catalogue's tables up to date; in PostgreSQL, as their owner, rights and policies too. Stop the"
            + " service and make a backup first")
        {
            home,
        };
        command.SetAction((parsed, ct) => run(async () =>
        {
            var folder = new HomeFolder(parsed.GetRequiredValue(home).FullName);
            var settings = ExchangeSettings.Load(folder);
            var applied = await CatalogueChoice.MigrateAsync(folder, settings, ct);
            foreach (var migration in applied)
                await Console.Out.WriteLineAsync($"applied {migration}");
            await Console.Out.WriteLineAsync(applied.Count == 0
                ? "The tables were up to date."
                : $"{applied.Count} migrations applied.");
            if (settings.Postgres is { } postgres)
                await Console.Out.WriteLineAsync(
                    $"Rights and policies set for {postgres.ApplicationRole}, {postgres.SequencerRole} and"
                    + $" {postgres.ReaderRole}.");
        }));
        return command;
    }
}
