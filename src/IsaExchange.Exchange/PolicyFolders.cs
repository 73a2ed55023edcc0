using IsaExchange.Agreement;
using IsaExchange.Datasets.CodeLists;
using IsaExchange.Datasets.OutsideTables;
using IsaExchange.Datasets.Specs;

namespace IsaExchange.Exchange;

/// <summary>One partnership's folder under policies/: an agreement to bring in, its code lists, and what others have
/// published.</summary>
public sealed record PolicyFolder(
    string File, SharingAgreement Agreement, byte[] Source, CodeListCatalog CodeLists,
    IReadOnlyList<OutsideTable> OutsideTables);

/// <summary>
/// The policies folder: what datasets hold, and agreements as somebody wrote them. None of these agreements is enforced
/// from here: what is enforced stands, signed, in the register. Loaded whole or not at all.
/// </summary>
public sealed class PolicyFolders
{
    readonly Dictionary<string, PolicyFolder> _byAgreement;

    PolicyFolders(
        Dictionary<string, PolicyFolder> byAgreement, DatasetCatalog datasets, DatasetVocabulary vocabulary) =>
        (_byAgreement, Datasets, Vocabulary) = (byAgreement, datasets, vocabulary);

    public DatasetCatalog Datasets { get; }

    /// <summary>Dataset ids and dimensions that an agreement may speak of here.</summary>
    public DatasetVocabulary Vocabulary { get; }

    public IEnumerable<PolicyFolder> All => _byAgreement.Values;

    public PolicyFolder? Find(string agreement) => _byAgreement.GetValueOrDefault(agreement);

    /// <summary>Loads every folder below <paramref name="policies"/> that holds an agreement.yaml.</summary>
    /// <exception cref="PartnershipFaultsException">With every fault of every file.</exception>
    public static PolicyFolders Load(string policies)
    {
        var faults = new List<string>();
        var datasets = DatasetCatalog.Load(policies, out var specFaults);
        faults.AddRange(specFaults.Select(f => f.ToString()));
        var byAgreement = new Dictionary<string, PolicyFolder>(StringComparer.Ordinal);
        var vocabulary = new DatasetVocabulary(datasets.All.ToDictionary(
            d => d.Id, d => (IReadOnlyCollection<string>)d.CubeDimensions, StringComparer.Ordinal))
        {
            Columns = datasets.All.ToDictionary(
                d => d.Id, d => (IReadOnlyCollection<string>)[.. d.Fields.Select(f => f.Name)], StringComparer.Ordinal),
            WithContributors = datasets.All.Where(d => d.Contributors is not null).Select(d => d.Id)
                .ToHashSet(StringComparer.Ordinal),
        };
        foreach (var file in AgreementFiles(policies))
        {
            var loaded = AgreementLoader.Load(file, vocabulary);
            faults.AddRange(loaded.Faults.Select(f => f.ToString()));
            var lists = CodeListCatalog.Load(
                Path.Combine(Path.GetDirectoryName(file)!, "codelists"), out var listFaults);
            faults.AddRange(listFaults.Select(f => f.ToString()));
            if (loaded.Agreement is not { } agreement)
                continue;
            faults.AddRange(GeographyCheck.Faults(agreement, lists).Select(f => $"{file}: {f}"));
            var outside = new OutsideTableCatalog(datasets, lists, [.. agreement.Areas.Select(a => a.Code)]).Load(
                Path.Combine(Path.GetDirectoryName(file)!, OutsideTableCatalog.Folder), out var outsideFaults);
            faults.AddRange(outsideFaults.Select(f => f.ToString()));
            var folder = new PolicyFolder(file, agreement, File.ReadAllBytes(file), lists, outside);
            if (!byAgreement.TryAdd(agreement.Id, folder))
                faults.Add($"{file}: the agreement id {agreement.Id} is used twice. Give each agreement its own id.");
        }

        if (byAgreement.Count == 0 && faults.Count == 0)
            faults.Add($"{policies}: no <partnership>/agreement.yaml found. Name the folder that holds them.");
        return faults.Count == 0
            ? new PolicyFolders(byAgreement, datasets, vocabulary)
            : throw new PartnershipFaultsException(faults);
    }

    static IEnumerable<string> AgreementFiles(string policies) =>
        Directory.EnumerateDirectories(policies).Order(StringComparer.Ordinal)
            .Select(folder => Path.Combine(folder, "agreement.yaml")).Where(File.Exists);
}

/// <summary>Faults of the policies folder, each with its file and line.</summary>
public sealed class PartnershipFaultsException(IReadOnlyList<string> faults)
    : Exception(string.Join(Environment.NewLine, faults))
{
    public IReadOnlyList<string> Faults { get; } = faults;
}
