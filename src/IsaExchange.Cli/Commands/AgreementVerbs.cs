using System.CommandLine;
using IsaExchange.Agreement;

namespace IsaExchange.Cli.Commands;

/// <summary>isax agreement: an agreement on paper, before and after it is signed.</summary>
static class AgreementVerbs
{
    public static Command Create(GlobalOptions globals) =>
        new("agreement", "Check, read, compare and try out agreements.")
        {
            AgreementLint.Create(globals),
            AgreementShow.Create(globals),
            AgreementCompare.Create(globals),
            AgreementTry.Create(globals),
        };

    /// <exception cref="VerbException">ValidationErrors: with every fault of the file.</exception>
    public static SharingAgreement Load(FileInfo file)
    {
        try
        {
            var loaded = AgreementLoader.Load(file.FullName);
            return loaded.Agreement ?? throw new VerbException(ExitCode.ValidationErrors,
                string.Join(Environment.NewLine, loaded.Faults), "isax agreement lint tells them one by one");
        }
        catch (IOException e)
        {
            throw new VerbException(ExitCode.Usage, $"{file.Name} cannot be read: {e.Message}", inner: e);
        }
    }
}
