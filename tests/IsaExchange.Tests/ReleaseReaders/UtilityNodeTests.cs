using System.Text;
using System.Text.Json.Nodes;
using IsaExchange.DisclosureControl.Protection;
using IsaExchange.Exchange.Releasing;
using IsaExchange.Exchange.Releasing.Files;
using Xunit;

namespace IsaExchange.Tests.ReleaseReaders;

public sealed class UtilityNodeTests
{
    static JsonObject Manifest()
    {
        var manifest = SampleRelease.Manifest();
        manifest["utility"] = UtilityNode.Of([SampleRelease.Table], ProtectionProfile.StickyRounding);
        return manifest;
    }

    [Fact]
    public async Task Figures_StandInManifestPackageAndNotes()
    {
        var files = await ReleaseFiles.AllAsync(
            [SampleRelease.Table], SampleRelease.Coverage, Manifest(), TestContext.Current.CancellationToken);
        var manifest = Parsed(files, ReleaseFiles.ManifestName)["utility"];
        var package = Parsed(files, "datapackage.json")["isaexchange"]!["utility"];
        Assert.True(JsonNode.DeepEquals(manifest, package));
        Assert.Equal("1.6 2.4 4", string.Join(' ', manifest!["expected_distance"]!.AsObject().Select(p => p.Value)));
        var notes = ReadTable.OfSheet(files.Single(f => f.Name.EndsWith(".xlsx", StringComparison.Ordinal)).Content,
            0, "Notes");
        Assert.Equal(2, notes.Rows.Count(row => row[0] == "Utility"));
    }

    /// <summary>Of what is measured against the counts the names are looked for in every file that is text.</summary>
    [Fact]
    public async Task NothingMeasured_IsInAnyFile()
    {
        var manifest = Manifest();
        Assert.Equal(["tables", "expected_distance"], manifest["utility"]!.AsObject().Select(p => p.Key));
        Assert.Equal(
            ["table", "cells", "shown_percent", "rounded_percent", "few_percent", "held_percent", "missing_percent",
                "interval_widths"],
            manifest["utility"]!["tables"]![0]!.AsObject().Select(p => p.Key));
        var files = await ReleaseFiles.AllAsync(
            [SampleRelease.Table], SampleRelease.Coverage, manifest, TestContext.Current.CancellationToken);
        foreach (var file in files.Where(f => f.MediaType.Contains("json", StringComparison.Ordinal)))
        {
            var text = Encoding.UTF8.GetString(file.Content);
            foreach (var measured in new[] { "hellinger", "correlation", "overlap", "covered", "relative" })
                Assert.DoesNotContain(measured, text, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public void ManifestThatTellsNothing_IsReadAsBefore() => Assert.Empty(UtilityNode.Words(null));

    static JsonNode Parsed(IReadOnlyList<ReleaseFile> files, string name) =>
        JsonNode.Parse(files.Single(f => f.Name == name).Content)!;
}
