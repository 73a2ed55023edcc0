using System.Globalization;
using System.Text;
using Grpc.Core;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Records;

/// <summary>
/// The sample county, in which one council has not signed and the probation service was only invited, so that there is
/// somebody of every kind who may not read records.
/// </summary>
public sealed class RecordsExchange : NorthmereExchange
{
    public const string Crime = Northmere.Police + "/datasets/police-recorded-crime";
    public const string Dataset = "police-recorded-crime";
    public const string Purpose = "problem-solving";

    /// <summary>Officer of a district council, which has part in the first partnership alone.</summary>
    public const string DistrictOfficer = "gareth-lowe";
    public const string DistrictParty = "alderbrook-council";
    public const string FireOfficer = "jo-trevithick";
    public const string InvitedOfficer = "karen-whitlock";
    public const string UnsignedOfficer = "helen-abara";

    readonly string _folder = Directory.CreateTempSubdirectory("isax-records-").FullName;
    int _quarters;

    protected override string Policies => _folder;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public override async ValueTask InitializeAsync()
    {
        foreach (var file in Directory.EnumerateFiles(NorthmerePolicies.Folder, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(_folder, Path.GetRelativePath(NorthmerePolicies.Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        var agreement = Path.Combine(_folder, "northmere", "agreement.yaml");
        var text = await File.ReadAllTextAsync(agreement);
        text = text
            .Replace("    kind: probation\n", "    kind: probation\n    class: invited\n", StringComparison.Ordinal)
            .Replace("    from: 2026-07-01\n", "", StringComparison.Ordinal);
        await File.WriteAllTextAsync(agreement, text);
        await base.InitializeAsync();
        Catalogue.TakeBackSignature("dunmere-council");
    }

    /// <summary>A quarter that no other test submits crimes for.</summary>
    public Period NextQuarter()
    {
        var number = Interlocked.Increment(ref _quarters) - 1;
        return number < 26
            ? Northmere.Months(new DateOnly(2019, 10, 1).AddMonths(3 * number), 3)
            : throw new InvalidOperationException("No quarter is left.");
    }

    public WireSender Sender => new(Submissions(Northmere.PoliceSender), Crime);

    /// <summary>Submits a quarter of crimes in the first two partnerships.</summary>
    public async Task<Submission> SubmitAsync(CrimeFile file, params string[] areas) => await Sender.SubmitAsync(
        Sender.Request(file.Quarter, areas.Length > 0 ? areas : CrimeFile.Areas), file.Content);

    public async Task<Submission> CorrectAsync(Submission old, CrimeFile file)
    {
        var request = Sender.Request(file.Quarter, CrimeFile.Areas);
        (request.Submission.Supersedes, request.Submission.CorrectionReason) = (old.Name, "A ward was left out.");
        return await Sender.SubmitAsync(request, file.Content);
    }

    public static ReadRecordsRequest Ask(Period period, params string[] areas)
    {
        var request = new ReadRecordsRequest { Parent = Crime, Period = period, Purpose = Purpose };
        request.Areas.Add(areas.Length > 0 ? areas : ["X22000001"]);
        return request;
    }

    /// <summary>A stream read to its end; fails when its messages do not come in their order.</summary>
    public async Task<WholeRead> ReadAsync(string who, ReadRecordsRequest request)
    {
        using var call = Submissions(who).ReadRecords(request, cancellationToken: Stop);
        Assert.True(await call.ResponseStream.MoveNext(Stop));
        var head = call.ResponseStream.Current.Head;
        Assert.NotNull(head);
        using var content = new MemoryStream();
        RecordsEnd? end = null;
        await foreach (var message in call.ResponseStream.ReadAllAsync(Stop))
        {
            Assert.Null(end);
            Assert.Null(message.Head);
            content.Write(message.Data.Span);
            end = message.End;
        }

        Assert.NotNull(end);
        return new WholeRead(head, content.ToArray(), end);
    }

    public Task<Problem> RefusedAsync(string who, ReadRecordsRequest request) =>
        Problem.OfAsync(() => ReadAsync(who, request));

    public async Task<FreezeSubmissionResponse> FreezeAsync(string who, string name, string reason = "a breach") =>
        await Submissions(who).FreezeSubmissionAsync(
            new FreezeSubmissionRequest { Name = name, Reason = reason }, cancellationToken: Stop);

    public async Task<UnfreezeSubmissionResponse> UnfreezeAsync(string who, string name) =>
        await Submissions(who).UnfreezeSubmissionAsync(
            new UnfreezeSubmissionRequest { Name = name, Reason = "false alarm" }, cancellationToken: Stop);

    public async Task<Submission> WithdrawAsync(string who, string name, string reason = "the wrong file") =>
        await Submissions(who).WithdrawSubmissionAsync(
            new WithdrawSubmissionRequest { Name = name, Reason = reason }, cancellationToken: Stop);

    public async Task<Release> PublishAsync(Period quarter) => await Feeds(Northmere.Steward).PublishReleaseAsync(
        new PublishReleaseRequest { Parent = Northmere.Agreement + "/feeds/recorded-crime-by-csp", Period = quarter },
        cancellationToken: Stop);

    public async Task<Release> GetReleaseAsync(string name) => await Feeds(Northmere.CouncilAnalyst).GetReleaseAsync(
        new GetReleaseRequest { Name = name }, cancellationToken: Stop);

    public async Task<byte[]> ReadFileAsync(Release release, string who = Northmere.CouncilAnalyst)
    {
        var request = new ReadReleaseFileRequest
        {
            Name = release.Name, File = "area-by-group.csv", Purpose = Purpose,
        };
        using var call = Feeds(who).ReadReleaseFile(request, cancellationToken: Stop);
        using var content = new MemoryStream();
        await foreach (var part in call.ResponseStream.ReadAllAsync(Stop))
            content.Write(part.Data.Span);
        return content.ToArray();
    }

    /// <summary>What the police are told of accesses to their crimes, newest first.</summary>
    public async Task<IReadOnlyList<Access>> AccessesAsync(string officer = Northmere.PoliceOfficer,
        string party = Northmere.Police)
    {
        var request = new ListAccessesRequest { Parent = party, PageSize = 1000 };
        return (await Audit(officer).ListAccessesAsync(request, cancellationToken: Stop)).Accesses;
    }

    public async Task<IReadOnlyList<Pull>> RecallAsync(string who, string name)
    {
        var pulls = new List<Pull>();
        var request = new ReadRecallRequest { Name = name, PageSize = 2 };
        do
        {
            var page = await Submissions(who).ReadRecallAsync(request, cancellationToken: Stop);
            pulls.AddRange(page.Pulls);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        return pulls;
    }

    public StoredObjects Objects => StoredObjects.Of(Exchange);

    /// <summary>Name of the sealed content of a submission.</summary>
    public Task<string> ObjectOfAsync(Submission submission) =>
        Objects.DatasetOfAsync(submission.Name[(submission.Name.LastIndexOf('/') + 1)..]);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>A stream as it came, whole.</summary>
public sealed record WholeRead(RecordsHead Head, byte[] Content, RecordsEnd End)
{
    public string Text => Encoding.UTF8.GetString(Content);
}

/// <summary>
/// A quarter of recorded crimes: in every month records of the first two partnerships, and one of a third that is not
/// theirs to send.
/// </summary>
public sealed record CrimeFile(Period Quarter, int Repeats = 1)
{
    public const string Header = "area,row_no,si_group,offence,recorded_date,event_date,event_date_to,date_precision,"
        + "event_time,location,location_kind";

    /// <summary>Columns that the sample opens.</summary>
    public const string Open = "area,si_group,offence,event_date";

    public static readonly string[] Areas = ["X22000001", "X22000002"];

    public byte[] Content
    {
        get
        {
            var text = new StringBuilder(Header).Append('\n');
            var row = 0;
            foreach (var (area, month, day) in Records())
                text.Append(CultureInfo.InvariantCulture,
                    $"{area},{++row},BURGLARY,28E,{month}-{day:D2},{month}-{day:D2},,day,,,none\n");
            return Encoding.UTF8.GetBytes(text.ToString());
        }
    }

    /// <summary>What a reader of the area must get, of all months or of one.</summary>
    public string Expected(string area, string month = "")
    {
        var text = new StringBuilder(Open).Append('\n');
        var wanted = Records().Where(r => r.Area == area && r.Month.StartsWith(month, StringComparison.Ordinal));
        foreach (var record in wanted)
            text.Append(CultureInfo.InvariantCulture, $"{area},BURGLARY,28E,{record.Month}-{record.Day:D2}\n");
        return text.ToString();
    }

    IEnumerable<(string Area, string Month, int Day)> Records()
    {
        var first = new DateOnly(Quarter.StartDate.Year, Quarter.StartDate.Month, 1);
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            for (var month = 0; month < 3; month++)
            {
                var name = first.AddMonths(month).ToString("yyyy-MM", CultureInfo.InvariantCulture);
                yield return ("X22000001", name, 17);
                yield return ("X22000002", name, 18);
                yield return ("X22000001", name, 17);
                yield return ("X22000003", name, 19);
            }
        }
    }
}

/// <summary>The classes of one collection share the exchange and run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class RecordsTogether : ICollectionFixture<RecordsExchange>
{
    public const string Name = "records";
}

/// <summary>An exchange of their own for those who withdraw and freeze: quarters are used up.</summary>
[CollectionDefinition(Name)]
public sealed class SubmissionActsTogether : ICollectionFixture<RecordsExchange>
{
    public const string Name = "submission acts";
}
