using System.Security.Cryptography;
using IsaExchange.ServiceTests.Harness;
using Xunit;

namespace IsaExchange.ServiceTests.Operations;

/// <summary>A code list that something accepted rests on can be superseded, and not changed.</summary>
public sealed class CodeListInUseTests : IAsyncLifetime
{
    readonly string _policies = Directory.CreateTempSubdirectory("isax-lists-in-use-").FullName;
    TestExchange? _exchange;

    TestExchange Exchange => _exchange!;

    public async ValueTask InitializeAsync()
    {
        foreach (var file in Directory.EnumerateFiles(NorthmerePolicies.Folder, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(_policies, Path.GetRelativePath(NorthmerePolicies.Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        _exchange = await TestExchange.StartAsync(_policies);
        await OperatedExchange.FillAsync(_exchange);
        await _exchange.StopAsync();
    }

    [Fact]
    public async Task OtherBytesUnderItsName_StopTheStartAndTheDoctorSaysWhy()
    {
        // Whoever changes the file and the digest beside it is noticed too: the catalogue knows what was used.
        var used = Change("lsoa", "2019-04");
        var start = await Exchange.RunServiceAsync("serve", "--home", Exchange.Home);
        Assert.Equal(2, start.ExitCode);
        string[] said =
        [
            "agreements/northmere: Code list lsoa, edition 2019-04, is in use and cannot be changed", used,
            "a correction is a new edition",
        ];
        Assert.All(said, words => Assert.Contains(words, start.ToString(), StringComparison.Ordinal));
        var doctor = await Exchange.RunServiceAsync("doctor", "--home", Exchange.Home);
        Assert.NotEqual(0, doctor.ExitCode);
        Assert.Contains(said[0], doctor.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AListThatNothingRestsOn_MayStillBeCorrected()
    {
        Change("places", "2026-04");
        await Exchange.ServeAsync();
        var doctor = await Exchange.RunServiceAsync("doctor", "--home", Exchange.Home);
        Assert.Contains("the code lists in use are those that were used", doctor.Output, StringComparison.Ordinal);
    }

    /// <summary>Retitles a code and writes the digest anew; gives the digest of before.</summary>
    string Change(string list, string edition)
    {
        var folder = Path.Combine(_policies, "northmere", "codelists", list);
        var file = Path.Combine(folder, $"{edition}.csv");
        var before = Digest(file);
        File.WriteAllText(file, File.ReadAllText(file).Replace("Alderbrook", "Elderbrook", StringComparison.Ordinal));
        var yaml = Path.Combine(folder, "list.yaml");
        File.WriteAllText(yaml, File.ReadAllText(yaml).Replace(before, Digest(file), StringComparison.Ordinal));
        return before;
    }

    static string Digest(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));

    public async ValueTask DisposeAsync()
    {
        if (_exchange is not null)
            await _exchange.DisposeAsync();
        Directory.Delete(_policies, recursive: true);
    }
}
