using System.CommandLine;

namespace IsaExchange.Cli.Commands;

/// <summary>isax officer: who answers for an authority.</summary>
static class OfficerCommand
{
    public static Command Create(GlobalOptions globals) =>
        new("officer", "List, designate and end liaison officers and deputies, and hand over.")
        {
            OfficerList.Create(globals),
            OfficerDesignate.Create(globals),
            OfficerDesignate.Deputy(globals),
            OfficerEnd.Create(globals),
            OfficerHandover.Create(globals),
        };
}
