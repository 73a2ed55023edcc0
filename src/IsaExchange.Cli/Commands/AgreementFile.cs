using IsaExchange.Agreement;

namespace IsaExchange.Cli.Commands;

/// <summary>An agreement on paper, as a file.</summary>
static class AgreementFile
{
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
