using System.Security.Cryptography;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
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
    }

    [Fact]
    public async Task OtherBytesUnderItsName_StopTheStartAndTheDoctorSaysWhy()
    {
        await FillAsync();

        // Whoever changes the file and the digest beside it is noticed too: the catalogue knows what was used.
        Change("lsoa", "2019-04", "Alderbrook", "Elderbrook");
        var start = await Exchange.RunServiceAsync("serve", "--home", Exchange.Home);
        Assert.Equal(2, start.ExitCode);
        string[] said =
        [
            "agreements/northmere: Code list lsoa, edition 2019-04, is in use and cannot be changed",
            "valid_from and parent_list", "a correction is a new edition",
        ];
        Assert.All(said, words => Assert.Contains(words, start.ToString(), StringComparison.Ordinal));
        var doctor = await Exchange.RunServiceAsync("doctor", "--home", Exchange.Home);
        Assert.NotEqual(0, doctor.ExitCode);
        Assert.Contains(said[0], doctor.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AListThatNothingRestsOn_MayStillBeCorrected()
    {
        await FillAsync();
        Change("places", "2026-04", "Alderbrook", "Elderbrook");
        await Exchange.ServeAsync();
        var doctor = await Exchange.RunServiceAsync("doctor", "--home", Exchange.Home);
        Assert.Contains("the code lists in use are those that were used", doctor.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AListThatChangesBetweenVerdictAndSubmit_StopsTheSubmitUntilItIsRestored()
    {
        var slot = new Slot(Northmere.Months(NorthmerePolicies.FirstMonth, 1), Northmere.Areas[0]);
        var ready = await Police.SendAsync(Police.Request(slot), slot.Table(100));
        await Exchange.StopAsync();
        Change("lsoa", "2019-04", "Alderbrook", "Elderbrook");
        await Exchange.ServeAsync();
        await Problem.IsAsync("FailedPrecondition CODE_LIST_CHANGED", () => Police.SubmitAsync(ready.Name));

        await Exchange.StopAsync();
        Change("lsoa", "2019-04", "Elderbrook", "Alderbrook");
        await Exchange.ServeAsync();
        Assert.Equal(Submission.Types.State.Submitted, (await Police.SubmitAsync(ready.Name)).State);
    }

    WireSender Police => new(
        new SubmissionService.SubmissionServiceClient(Exchange.As(Northmere.PoliceSender)), Northmere.Street);

    async Task FillAsync()
    {
        await OperatedExchange.FillAsync(Exchange);
        await Exchange.StopAsync();
    }

    /// <summary>Retitles a code and writes the digest anew.</summary>
    void Change(string list, string edition, string words, string others)
    {
        var folder = Path.Combine(_policies, "northmere", "codelists", list);
        var file = Path.Combine(folder, $"{edition}.csv");
        var before = Digest(file);
        File.WriteAllText(file, File.ReadAllText(file).Replace(words, others, StringComparison.Ordinal));
        Assert.NotEqual(before, Digest(file));
        var yaml = Path.Combine(folder, "list.yaml");
        File.WriteAllText(yaml, File.ReadAllText(yaml).Replace(before, Digest(file), StringComparison.Ordinal));
    }

    static string Digest(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));

    public async ValueTask DisposeAsync()
    {
        if (_exchange is not null)
            await _exchange.DisposeAsync();
        Directory.Delete(_policies, recursive: true);
    }
}
