using System.Security.Cryptography;
using IsaExchange.Agreement;
using IsaExchange.Exchange.Storage.Catalogue;

namespace IsaExchange.Exchange.Register;

/// <summary>Adds acts to the register. Each belongs into the transaction of its event.</summary>
public static class RegisterWrite
{
    /// <summary>Tells every process that an act has been done; without it others would go on as before.</summary>
    public static async Task ActedAsync(CatalogueContext db)
    {
        var version = await db.RegisterVersions.FindAsync(RegisterVersionRow.TheOne);
        if (version is null)
            db.RegisterVersions.Add(version = new RegisterVersionRow());
        version.Version++;
    }

    public static string Digest(byte[] source) => Convert.ToHexStringLower(SHA256.HashData(source));

    public static void Revision(
        CatalogueContext db, SharingAgreement agreement, byte[] source, string proposer, DateTimeOffset now) =>
        db.Revisions.Add(new RevisionRow
        {
            Agreement = agreement.Id,
            Revision = agreement.Revision,
            Source = source,
            SourceSha256 = Digest(source),
            Proposer = proposer,
            Ticks = now.UtcTicks,
        });

    public static void Stage(
        CatalogueContext db, string agreement, string revision, AgreementStage stage, string actor, string reason,
        DateTimeOffset now) =>
        db.RevisionStages.Add(new RevisionStageRow
        {
            Agreement = agreement,
            Revision = revision,
            Stage = (int)stage,
            Actor = actor,
            Reason = reason,
            Ticks = now.UtcTicks,
        });

    public static SignatureRow Signature(
        CatalogueContext db, SignatureStatement said, SignedStatement proof, DateTimeOffset now)
    {
        var row = new SignatureRow
        {
            Agreement = said.Agreement,
            Revision = said.Revision,
            Party = said.Party,
            Person = said.Person,
            Office = said.Office,
            Certificate = proof.Certificate,
            Signature = proof.Signature,
            Statement = proof.Statement,
            Ticks = now.UtcTicks,
        };
        db.Signatures.Add(row);
        return row;
    }
}
