using IsaExchange.Agreement;
using IsaExchange.Exchange.Storage.Catalogue;

namespace IsaExchange.Exchange.Register;

/// <summary>Whether as many have signed as the agreement itself demands.</summary>
static class Quorum
{
    /// <summary>
    /// Whether the signatures under the revision before stand under this one too: it only adds parties, and the earlier
    /// agreement has a rule for that.
    /// </summary>
    public static bool Carries(SharingAgreement before, SharingAgreement after) =>
        before.Accession is not null && AgreementDiff.Between(before, after).IsAccession;

    /// <summary>What is missing, as half a sentence; null when nothing is.</summary>
    /// <param name="before">The revision whose signatures it carries on; null when it stands on its own.</param>
    public static string? Missing(SharingAgreement revision, IEnumerable<SignatureRow> own, SharingAgreement? before)
    {
        if (before is null)
        {
            return revision.HasQuorum
                ? null
                : $"{revision.SignedParties.Count} of {revision.Signing.Quorum} signatures are there";
        }

        var signed = own.Select(s => s.Party).ToHashSet(StringComparer.Ordinal);
        var old = before.Parties.Select(p => p.Id).ToHashSet(StringComparer.Ordinal);
        var joining = revision.Parties.Select(p => p.Id).Where(p => !old.Contains(p) && !signed.Contains(p)).ToList();
        if (joining.Count > 0)
            return $"{string.Join(", ", joining)} must sign to accede";
        var approvals = signed.Count(old.Contains);
        var needed = before.Accession?.Approvals ?? before.Signing.Quorum;
        return approvals >= needed ? null : $"{approvals} of {needed} approvals of other parties are there";
    }
}
