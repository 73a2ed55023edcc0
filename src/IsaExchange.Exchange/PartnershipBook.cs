using IsaExchange.Agreement;
using IsaExchange.Datasets.CodeLists;
using IsaExchange.Datasets.Specs;

namespace IsaExchange.Exchange;

/// <summary>A partnership as its folder under policies/ says: the agreement and its code lists.</summary>
public sealed record Partnership(SharingAgreement Agreement, CodeListCatalog CodeLists);

/// <summary>
/// All agreements and dataset specifications that this exchange serves. Loaded whole or not at all: a folder with one
/// faulty file would otherwise silently refuse (or admit) somebody.
/// </summary>
public sealed class PartnershipBook
{
    readonly Dictionary<string, Partnership> _byAgreement;

    PartnershipBook(Dictionary<string, Partnership> byAgreement, DatasetCatalog datasets) =>
        (_byAgreement, Datasets) = (byAgreement, datasets);

    public DatasetCatalog Datasets { get; }

    public IEnumerable<Partnership> All => _byAgreement.Values;

    public Partnership? Find(string agreement) => _byAgreement.GetValueOrDefault(agreement);

    /// <summary>Loads every folder below <paramref name="policies"/> that holds an agreement.yaml.</summary>
    /// <exception cref="PartnershipFaultsException">With every fault of every file.</exception>
    public static PartnershipBook Load(string policies)
    {
        var faults = new List<string>();
        var datasets = DatasetCatalog.Load(policies, out var specFaults);
        faults.AddRange(specFaults.Select(f => f.ToString()));
        var byAgreement = new Dictionary<string, Partnership>(StringComparer.Ordinal);
        var vocabulary = new DatasetVocabulary(datasets.All.ToDictionary(
            d => d.Id, d => (IReadOnlyCollection<string>)d.CubeDimensions, StringComparer.Ordinal))
        {
            Columns = datasets.All.ToDictionary(
                d => d.Id, d => (IReadOnlyCollection<string>)[.. d.Fields.Select(f => f.Name)], StringComparer.Ordinal),
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
            var signed = agreement.With(AgreementActs.SignedByAll(agreement, DateTimeOffset.UnixEpoch));
            if (!byAgreement.TryAdd(agreement.Id, new Partnership(signed, lists)))
                faults.Add($"{file}: the agreement id {agreement.Id} is used twice. Give each agreement its own id.");
        }

        if (byAgreement.Count == 0 && faults.Count == 0)
            faults.Add($"{policies}: no <partnership>/agreement.yaml found. Name the folder that holds them.");
        return faults.Count == 0
            ? new PartnershipBook(byAgreement, datasets)
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
