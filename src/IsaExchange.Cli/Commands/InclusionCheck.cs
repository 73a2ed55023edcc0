using IsaExchange.Cli.Wire;
using IsaExchange.TransparencyLog;

namespace IsaExchange.Cli.Commands;

/// <summary>Checks with the log's key alone that an event is where its proof says it is in the log.</summary>
static class InclusionCheck
{
    /// <param name="leaf">Hash of the event's leaf, as the signed note about it says.</param>
    /// <param name="what">What is proved, for example "the receipt".</param>
    /// <exception cref="VerbException">Integrity: the proof cannot be read, or does not hold.</exception>
    public static void Verify(LogHash leaf, string proofText, NoteVerifier key, string what)
    {
        try
        {
            var proof = TlogProof.Parse(proofText);
            var checkpoint = LogKey.OpenCheckpoint(key, proof.CheckpointNote, "the checkpoint of the proof");
            if (TreeProofs.VerifyInclusion(leaf, proof.Index, checkpoint.Size, checkpoint.Root, proof.Hashes)) return;
        }
        catch (LogFormatException e)
        {
            throw new VerbException(ExitCode.Integrity, $"the proof of {what} cannot be read: {e.Message}", inner: e);
        }
        throw new VerbException(
            ExitCode.Integrity, $"the event of {what} is not where its proof says it is in the log");
    }
}
