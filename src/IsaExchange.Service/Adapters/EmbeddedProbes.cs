using IsaExchange.Exchange.Sealing;
using IsaExchange.Exchange.Storage;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Service.Resilience;
using IsaExchange.Service.Settings;
using Microsoft.EntityFrameworkCore;

namespace IsaExchange.Service.Adapters;

/// <summary>The catalogue file answers a question.</summary>
sealed class CatalogueFileProbe(ICatalogue catalogue) : IDependencyProbe
{
    public string Name => Dependencies.Catalogue.Name;

    public Task ProbeAsync(CancellationToken ct) =>
        catalogue.ReadAsync(db => db.RegisterVersions.AnyAsync(ct), ct);
}

/// <summary>
/// The home takes a file and brings it to the medium: a full, failing or read-only disk is noticed without an upload.
/// </summary>
sealed class HomeFolderProbe(HomeFolder home) : IDependencyProbe
{
    public string Name => Dependencies.Objects.Name;

    /// <summary>Each time costs a flush of the disk.</summary>
    public TimeSpan Every => TimeSpan.FromSeconds(30);

    public Task ProbeAsync(CancellationToken ct) => Task.Run(Write, ct);

    void Write()
    {
        var path = Path.Combine(home.Root, ".probe");
        File.Delete(path);
        try
        {
            // Larger than what some file systems keep beside the name.
            DurableFiles.CreateNew(path, new byte[8192]);
        }
        finally
        {
            File.Delete(path);
        }
    }
}

/// <summary>The key folder gives the key that seals releases.</summary>
sealed class KeyFolderProbe(IKeyRing keys) : IDependencyProbe
{
    public string Name => Dependencies.Keys.Name;

    public Task ProbeAsync(CancellationToken ct) => keys.CurrentAsync(Exchange.KeyNames.Releases, ct);
}
