using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Xunit;
using State = IsaExchange.V1.Submission.Types.State;

namespace IsaExchange.ServiceTests.Wire;

/// <summary>
/// The sample county, in which partnership and code of an admission may together tell whom it is about.
/// </summary>
public sealed class RiskExchange : NorthmereExchange
{
    readonly string _folder = Directory.CreateTempSubdirectory("isax-risk-").FullName;

    protected override string Policies => _folder;

    public override async ValueTask InitializeAsync()
    {
        foreach (var file in Directory.EnumerateFiles(NorthmerePolicies.Folder, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(_folder, Path.GetRelativePath(NorthmerePolicies.Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        var admissions = Path.Combine(_folder, "datasets", "hospital-admissions.yaml");
        var text = await File.ReadAllTextAsync(admissions);
        await File.WriteAllTextAsync(admissions, text.Replace(
            "  period_field: admission_date\n",
            "  period_field: admission_date\n  quasi_identifiers: [area, icd10]\n  k: 2\n", StringComparison.Ordinal));
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>An authority is told how few of its records share what may tell of a person, and nobody else is.</summary>
public sealed class RecordRiskTests(RiskExchange northmere) : IClassFixture<RiskExchange>
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    WireSender West => new(northmere.Submissions(Northmere.WestSender), Northmere.WestAdmissions);

    Task<Submission> SendAsync(int firstMonth, params (string Area, string Code, int Records)[] cells)
    {
        var quarter = Northmere.Quarter(2024, firstMonth);
        return West.SendAsync(
            West.Request(quarter, "X22000001", "X22000002"), Northmere.AdmissionsTable(quarter, cells));
    }

    async Task<RecordRisk?> RiskAsync(string who, Submission sent) => (await northmere.Submissions(who)
        .ListViolationsAsync(new ListViolationsRequest { Parent = sent.Name }, cancellationToken: Stop)).RecordRisk;

    [Fact]
    public async Task ContentInOrder_HasItsFigures_UntilItsCountsAreDestroyed()
    {
        var sent = await SendAsync(7, ("X22000001", "F10", 12), ("X22000001", "T51", 4), ("X22000002", "T51", 2));
        Assert.Equal(State.Ready, sent.State);
        var risk = (await RiskAsync(Northmere.WestOfficer, sent))!;
        Assert.Equal(["area", "icd10"], risk.Fields);
        Assert.Equal((18L, 0L, 3L), (risk.RecordCount, risk.UncountedCount, risk.GroupCount));
        Assert.Equal((0L, 2L, 6L), (risk.AloneCount, risk.BelowThreeCount, risk.BelowFiveCount));
        Assert.Equal((2, 0L), (risk.SmallestGroup, risk.BelowSmallestCount));
        await Problem.IsAsync("NotFound NOT_FOUND", () => RiskAsync(Northmere.PoliceOfficer, sent));

        await West.SubmitAsync(sent.Name);
        await northmere.Submissions(Northmere.WestOfficer).WithdrawSubmissionAsync(
            new WithdrawSubmissionRequest { Name = sent.Name, Reason = "The wrong quarter." }, cancellationToken: Stop);
        Assert.Null(await RiskAsync(Northmere.WestOfficer, sent));
    }

    [Fact]
    public async Task RefusedContent_HasItsFiguresToo()
    {
        var sent = await SendAsync(10, ("X22000001", "F10", 12), ("X22000001", "X99", 1));
        Assert.Equal(State.NeedsCorrection, sent.State);
        var risk = (await RiskAsync(Northmere.WestOfficer, sent))!;
        Assert.Equal((13L, 2L, 1L, 1L), (
            risk.RecordCount, risk.GroupCount, risk.AloneCount, risk.BelowSmallestCount));
        Assert.Equal([("area", 1L), ("icd10", 0L)], risk.Without.Select(w => (w.Field, w.AloneCount)));
    }
}
