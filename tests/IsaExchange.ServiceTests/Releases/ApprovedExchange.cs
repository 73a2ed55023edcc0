using System.Globalization;
using Grpc.Core;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Releases;

/// <summary>
/// The sample county with more stewards: two must approve what is released of admissions, and street-level crimes are
/// under an embargo of two days.
/// </summary>
public sealed class ApprovedExchange : NorthmereExchange
{
    public const string Purpose = "strategic-assessment";
    public const string File = "area-by-block.csv";

    /// <summary>Stewards besides the one of the county: two of the police, and one of a district.</summary>
    public const string PoliceSteward = Northmere.PoliceAnalyst;
    public const string OtherPoliceSteward = Northmere.PoliceDeputy;
    public const string DistrictSteward = "gareth-lowe";

    readonly string _folder = Directory.CreateTempSubdirectory("isax-approved-").FullName;
    int _quarters;

    protected override string Policies => _folder;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public override async ValueTask InitializeAsync()
    {
        foreach (var file in Directory.EnumerateFiles(NorthmerePolicies.Folder, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(_folder, Path.GetRelativePath(NorthmerePolicies.Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            System.IO.File.Copy(file, target);
        }

        var agreement = Path.Combine(_folder, "northmere", "agreement.yaml");
        var text = await System.IO.File.ReadAllTextAsync(agreement);
        text = text
            .Replace("  - id: admissions-by-csp\n", "  - id: admissions-by-csp\n    approvals: 2\n",
                StringComparison.Ordinal)
            .Replace("  - id: street-level-by-csp\n", "  - id: street-level-by-csp\n    embargo_days: 2\n",
                StringComparison.Ordinal)
            .Replace("  stewards:\n", "  stewards:\n" + string.Concat(
                Steward("northmere-police", PoliceSteward), Steward("northmere-police", OtherPoliceSteward),
                Steward("alderbrook-council", DistrictSteward)), StringComparison.Ordinal);
        await System.IO.File.WriteAllTextAsync(agreement, text);
        await base.InitializeAsync();
    }

    static string Steward(string party, string person) => $"    - {{ party: {party}, person: {person} }}\n";

    /// <summary>A quarter of admissions of the west that no other test uses, submitted.</summary>
    public async Task<Submission> SubmitAsync()
    {
        var number = Interlocked.Increment(ref _quarters) - 1;
        var quarter = Northmere.Months(new DateOnly(2020, 1, 1).AddMonths(3 * number), 3);
        return await West.SubmitAsync(West.Request(quarter, "X22000001", "X22000002"), Table(quarter, 12));
    }

    public async Task<Submission> CorrectAsync(Submission old)
    {
        var request = West.Request(old.Period, "X22000001", "X22000002");
        (request.Submission.Supersedes, request.Submission.CorrectionReason) = (old.Name, "A ward was left out.");
        return await West.SubmitAsync(request, Table(old.Period, 42));
    }

    WireSender West => new(Submissions(Northmere.WestSender), Northmere.WestAdmissions);

    static byte[] Table(Period quarter, int records) => Northmere.AdmissionsTable(
        quarter, ("X22000001", "F10", records), ("X22000001", "T51", 8), ("X22000002", "F11", 17));

    public async Task<ReleaseProposal> ProposeAsync(Submission submission) => await Feeds(Northmere.Steward)
        .ProposeReleaseAsync(
            new ProposeReleaseRequest { Parent = Northmere.AdmissionsFeed, Period = submission.Period },
            cancellationToken: Stop);

    public async Task<ReleaseProposal> ApproveAsync(string who, ReleaseProposal proposal, string requestId = "") =>
        await Feeds(who).ApproveReleaseAsync(
            new ApproveReleaseRequest
            {
                Name = proposal.Name, ManifestSha256 = proposal.ManifestSha256, RequestId = requestId,
            },
            cancellationToken: Stop);

    public async Task<ReleaseProposal> FoundAsync(ReleaseProposal proposal)
    {
        var request = new ListProposalsRequest { Parent = Northmere.AdmissionsFeed, PageSize = 100 };
        var found = await Feeds(DistrictSteward).ListProposalsAsync(request, cancellationToken: Stop);
        return found.Proposals.Single(p => p.Name == proposal.Name);
    }

    public async Task<byte[]> ReadAsync(
        string who, string name, string file = File, string purpose = Purpose, bool evenIfRetracted = false)
    {
        var request = new ReadReleaseFileRequest
        {
            Name = name, File = file, Purpose = purpose, EvenIfRetracted = evenIfRetracted,
        };
        using var call = Feeds(who).ReadReleaseFile(request, cancellationToken: Stop);
        using var content = new MemoryStream();
        await foreach (var part in call.ResponseStream.ReadAllAsync(Stop))
            content.Write(part.Data.Span);
        return content.ToArray();
    }

    /// <summary>How many statements the ledger has of a release.</summary>
    public long Statements(string release) => Catalogue.Scalar(
        "select count(*) from Statements where Feed = $feed and Number = $number",
        ("$feed", release.Split('/')[3]),
        ("$number", int.Parse(release.Split('/')[^1], CultureInfo.InvariantCulture)));

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>The classes of one collection share the exchange and run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class ApprovedTogether : ICollectionFixture<ApprovedExchange>
{
    public const string Name = "approved releases";
}
