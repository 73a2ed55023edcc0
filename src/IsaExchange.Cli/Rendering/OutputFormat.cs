namespace IsaExchange.Cli.Rendering;

/// <summary>How an answer is written to stdout: for eyes, for programs, for a spreadsheet.</summary>
enum OutputFormat
{
    Table,
    Json,
    Csv,
}
