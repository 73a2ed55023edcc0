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
            d => d.Id, d => (IReadOnlyCollection<string>)d.CubeDimensions, StringComparer.Ordinal));
        foreach (var file in AgreementFiles(policies))
        {
            var loaded = AgreementLoader.Load(file, vocabulary);
            faults.AddRange(loaded.Faults.Select(f => f.ToString()));
            var lists = CodeListCatalog.Load(
                Path.Combine(Path.GetDirectoryName(file)!, "codelists"), out var listFaults);
            faults.AddRange(listFaults.Select(f => f.ToString()));
            if (loaded.Agreement is not { } agreement)
                continue;
            faults.AddRange(StrayAreas(agreement, lists, file));
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

    /// <summary>An area code that the agreement's own geography does not have would turn all its records into
    /// queries.</summary>
    static IEnumerable<string> StrayAreas(SharingAgreement agreement, CodeListCatalog lists, string file)
    {
        var (list, named) = (agreement.Geography.CodeList, agreement.Geography.Edition);
        if (lists.Find(list, agreement.From) is not { } edition || edition.Edition != named)
            return [$"{file}: geography: code list {list} has no edition {named} valid on the first day. Import it."];
        return agreement.DatasetsOwed.SelectMany(d => d.Areas).Distinct(StringComparer.Ordinal)
            .Where(area => edition.IndexOf(area) < 0)
            .Select(area => $"{file}: area {area} is not in {list}, edition {named}. Correct the code.");
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
