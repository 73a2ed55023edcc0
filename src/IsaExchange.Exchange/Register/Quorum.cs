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
    public static string? Missing(
        SharingAgreement revision, IEnumerable<SignatureRow> own, IReadOnlyList<SignatureAct> carried)
    {
        var signed = own.Select(s => s.Party).ToHashSet(StringComparer.Ordinal);
        if (carried.Count == 0)
        {
            return revision.HasQuorum
                ? null
                : $"{revision.SignedParties.Count} of {revision.Signing.Quorum} signatures are there";
        }

        var old = carried.Select(c => c.Party).ToHashSet(StringComparer.Ordinal);
        var acceding = revision.Parties.Select(p => p.Id).Where(p => !old.Contains(p) && !signed.Contains(p)).ToList();
        var approvals = signed.Count(old.Contains);
        var needed = revision.Accession?.Approvals ?? revision.Signing.Quorum;
        if (acceding.Count > 0)
            return $"{string.Join(", ", acceding)} must sign to accede";
        return approvals >= needed ? null : $"{approvals} of {needed} approvals of other parties are there";
    }
}
