namespace IsaExchange.Datasets.Specs;

/// <summary>The datasets of a policies folder: one file per dataset, named after its id.</summary>
public sealed class DatasetCatalog
{
    readonly Dictionary<string, DatasetSpec> _byId;

    DatasetCatalog(List<DatasetSpec> all)
    {
        All = all;
        _byId = all.ToDictionary(s => s.Id, StringComparer.Ordinal);
    }

    public IReadOnlyList<DatasetSpec> All { get; }

    /// <summary>
    /// Loads policiesFolder/datasets/*.yaml. A file with a fault is left out and its faults are listed.
    /// </summary>
    public static DatasetCatalog Load(string policiesFolder, out IReadOnlyList<SpecFault> faults)
    {
        var found = new List<SpecFault>();
        var specs = new List<DatasetSpec>();
        var folder = Path.Combine(policiesFolder, "datasets");
        if (!Directory.Exists(folder))
            found.Add(new(folder, 0, "There is no folder of datasets.", "Add the information specification."));
        else
        {
            foreach (var path in Directory.EnumerateFiles(folder, "*.yaml").Order(StringComparer.Ordinal))
            {
                var loaded = DatasetSpecLoader.Load(path);
                found.AddRange(loaded.Faults);
                if (loaded.Spec is { } spec && spec.Id == Path.GetFileNameWithoutExtension(path))
                    specs.Add(spec);
                else if (loaded.Spec is not null)
                    found.Add(new(path, 0, "The id differs from the name of the file.", "Make them equal."));
            }
        }

        faults = found;
        return new DatasetCatalog(specs);
    }

    public DatasetSpec? Find(string id) => _byId.GetValueOrDefault(id);
}
