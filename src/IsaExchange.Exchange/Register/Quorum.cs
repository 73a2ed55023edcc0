using IsaExchange.Agreement;
using IsaExchange.Exchange.Storage.Catalogue;

namespace IsaExchange.Exchange.Register;

/// <summary>
/// Whether as many have signed as the agreement itself demands, and as the revision that it replaces demands of its own
/// parties: nobody lowers the quorum by writing a smaller one.
/// </summary>
static class Quorum
{
    /// <summary>
    /// The revision that a revision replaced or would replace now: the last one that came into force before it. Null
    /// when none ever was in force. The stages say it, so there is nothing else that could say otherwise.
    /// </summary>
    public static string? Replaced(IEnumerable<RevisionStageRow> stages, string revision)
    {
        var inForce = stages.Where(s => s.Stage == (int)AgreementStage.InForce).ToList();
        var began = inForce.Where(s => s.Revision == revision).Min(s => (long?)s.Sequence) ?? long.MaxValue;
        return inForce.Where(s => s.Revision != revision && s.Sequence < began).MaxBy(s => s.Sequence)?.Revision;
    }

    /// <summary>
    /// Whether the signatures under the revision before stand under this one too: it only adds parties, and the earlier
    /// agreement has a rule for that.
    /// </summary>
    public static bool Carries(SharingAgreement before, SharingAgreement after) =>
        before.Accession is not null && AgreementDiff.Between(before, after).IsAccession;

    /// <summary>What is missing, as half a sentence; null when nothing is.</summary>
    /// <param name="replaced">The revision that ruled last; null when none ever did.</param>
    public static string? Missing(SharingAgreement revision, SharingAgreement? replaced)
    {
        if (!revision.HasQuorum)
            return $"{revision.SignedParties.Count} of {revision.Signing.Quorum} signatures are there";
        if (replaced is null)
            return null;
        var agreed = replaced.Parties.Count(p => revision.SignedParties.Contains(p.Id));
        return agreed >= replaced.Signing.Quorum
            ? null
            : $"{agreed} of {replaced.Signing.Quorum} signatures of parties to the revision that it replaces are there";
    }

    /// <summary>The same for an accession, which carries on the signatures under the revision before.</summary>
    public static string? MissingToAccede(
        SharingAgreement revision, IEnumerable<SignatureRow> own, SharingAgreement before)
    {
        var signed = own.Select(s => s.Party).ToHashSet(StringComparer.Ordinal);
        var old = before.Parties.Select(p => p.Id).ToHashSet(StringComparer.Ordinal);
        var joining = revision.Parties.Select(p => p.Id).Where(p => !old.Contains(p) && !signed.Contains(p)).ToList();
        if (joining.Count > 0)
            return $"{string.Join(", ", joining)} must sign to accede";
        var approvals = signed.Count(old.Contains);

        // Nobody lets themselves in: whatever the number, one who is there must want it.
        var needed = Math.Max(1, before.Accession?.Approvals ?? before.Signing.Quorum);
        return approvals >= needed ? null : $"{approvals} of {needed} approvals of other parties are there";
    }
}
