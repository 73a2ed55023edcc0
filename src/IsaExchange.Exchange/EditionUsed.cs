using IsaExchange.Datasets.CodeLists;

namespace IsaExchange.Exchange;

/// <summary>An edition of a code list that something rests on, with the digest of its meaning at that time.</summary>
public sealed record EditionUsed(string List, string Edition, string Sha256)
{
    public static EditionUsed Of(CodeListEdition edition) =>
        new(edition.ListId, edition.Edition, edition.MeaningSha256);
}
