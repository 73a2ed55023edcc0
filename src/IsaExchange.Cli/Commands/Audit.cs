using System.CommandLine;

namespace IsaExchange.Cli.Commands;

/// <summary>isax audit: the log, taken home and checked without trusting whoever runs the exchange.</summary>
static class Audit
{
    public static Command Create(GlobalOptions globals) =>
        new("audit", "Take the audit log home, and check it offline.")
        {
            AuditExport.Create(globals),
            AuditVerify.Create(globals),
        };
}
