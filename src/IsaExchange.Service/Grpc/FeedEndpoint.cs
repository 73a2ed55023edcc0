using Grpc.Core;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Releasing;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Service.Identity;
using IsaExchange.V1;

namespace IsaExchange.Service.Grpc;

/// <summary>FeedService: publishing and reading releases.</summary>
sealed class FeedEndpoint(
    PublishRelease publish, ReadRelease read, ReadTable tables, CompareReleases comparisons, ProposeRelease propose,
    ReadProposals proposals, ApproveRelease approve, RetractRelease retract, PageTokens pages)
    : FeedService.FeedServiceBase
{
    const int FileMessageBytes = 256 << 10;

    public override async Task<ListFeedsResponse> ListFeeds(ListFeedsRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var scope = "feeds " + request.Parent;
        var page = pages.Read(caller, scope, request.PageSize, request.PageToken);
        var feeds = await read.FeedsAsync(caller, AgreementName.Parse(request.Parent), ct);
        var response = new ListFeedsResponse();
        response.Feeds.Add(feeds.Skip(page.Skip).Take(page.Take).Select(Write));
        if (feeds.Count > page.Skip + page.Take)
            response.NextPageToken = pages.Next(caller, scope, page);
        return response;
    }

    public override async Task<Release> PublishRelease(PublishReleaseRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var key = Wire.Key(request, request.RequestId, r => r.RequestId = "");
        var order = new PublicationOrder(
            ReleaseName.ParseFeed(request.Parent), Wire.Read(request.Period), request.Note,
            Wire.ReadDay(request.EmbargoUntilDate));
        var row = await publish.RunAsync(caller, order, request.ValidateOnly, key, ct);
        return Write(ReadRelease.View(row), withQueries: true);
    }

    public override async Task<ReleaseProposal> ProposeRelease(
        ProposeReleaseRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var key = Wire.Key(request, request.RequestId, r => r.RequestId = "");
        var order = new PublicationOrder(
            ReleaseName.ParseFeed(request.Parent), Wire.Read(request.Period), request.Note,
            Wire.ReadDay(request.EmbargoUntilDate));
        return ProposalWire.Write(await propose.RunAsync(caller, order, key, ct), withQueries: true);
    }

    public override async Task<ListProposalsResponse> ListProposals(
        ListProposalsRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var scope = "proposals " + request.Parent;
        var page = pages.Read(caller, scope, request.PageSize, request.PageToken);
        var found = await proposals.ListAsync(
            caller, ReleaseName.ParseFeed(request.Parent), page.Skip, page.TakeOneMore, ct);
        var response = new ListProposalsResponse();
        response.Proposals.Add(found.Take(page.Take).Select(p => ProposalWire.Write(p, withQueries: false)));
        if (found.Count > page.Take)
            response.NextPageToken = pages.Next(caller, scope, page);
        return response;
    }

    public override async Task<ReleaseProposal> ApproveRelease(
        ApproveReleaseRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var key = Wire.Key(request, request.RequestId, r => r.RequestId = "");
        var digest = Convert.ToHexStringLower(request.ManifestSha256.Span);
        var view = await approve.ApproveAsync(caller, ProposalName.Parse(request.Name), digest, key, ct);
        return ProposalWire.Write(view, withQueries: true);
    }

    public override async Task<ReleaseProposal> RejectRelease(RejectReleaseRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var key = Wire.Key(request, request.RequestId, r => r.RequestId = "");
        var view = await approve.RejectAsync(caller, ProposalName.Parse(request.Name), request.Reason, key, ct);
        return ProposalWire.Write(view, withQueries: true);
    }

    public override async Task<Release> RetractRelease(RetractReleaseRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var key = Wire.Key(request, request.RequestId, r => r.RequestId = "");
        var view = await retract.RunAsync(
            caller, ReleaseName.Parse(request.Name), request.Reason, request.ValidateOnly, key, ct);
        return Write(view, withQueries: true);
    }

    public override async Task<ReadReleaseRecallResponse> ReadReleaseRecall(
        ReadReleaseRecallRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var scope = "recall " + request.Name;
        var page = pages.Read(caller, scope, request.PageSize, request.PageToken);
        var pulls = await retract.RecallAsync(caller, ReleaseName.Parse(request.Name), ct);
        var response = new ReadReleaseRecallResponse();
        response.Pulls.Add(pulls.Skip(page.Skip).Take(page.Take).Select(SubmissionWire.Write));
        if (pulls.Count > page.Skip + page.Take)
            response.NextPageToken = pages.Next(caller, scope, page);
        return response;
    }

    public override async Task<ListReleasesResponse> ListReleases(
        ListReleasesRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var scope = "releases " + request.Parent;
        var page = pages.Read(caller, scope, request.PageSize, request.PageToken);
        var releases = await read.ListAsync(
            caller, ReleaseName.ParseFeed(request.Parent), page.Skip, page.TakeOneMore, ct);
        var response = new ListReleasesResponse();
        response.Releases.Add(releases.Take(page.Take).Select(r => Write(r, withQueries: false)));
        if (releases.Count > page.Take)
            response.NextPageToken = pages.Next(caller, scope, page);
        return response;
    }

    public override async Task<Release> GetRelease(GetReleaseRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        return Write(await read.GetAsync(caller, ReleaseName.Parse(request.Name), ct), withQueries: true);
    }

    public override async Task ReadReleaseFile(
        ReadReleaseFileRequest request, IServerStreamWriter<ReadReleaseFileResponse> responseStream,
        ServerCallContext context)
    {
        var call = Call.Of(context);
        var (caller, ct) = call;
        await using var file = ProposalName.Is(request.Name)
            ? await proposals.OpenFileAsync(
                caller, ProposalName.Parse(request.Name), request.File, request.ReadOffset, ct)
            : await read.OpenFileAsync(
                caller, ReleaseName.Parse(request.Name), request.File, request.Purpose, request.ReadOffset,
                request.EvenIfRetracted, ct);
        call.Recheck(file.RecheckAsync);
        await Streams.CopyAsync(
            file.Content, FileMessageBytes, data => responseStream.WriteAsync(
                new ReadReleaseFileResponse { Data = data }, ct), ct);
    }

    public override async Task<ReadTableResponse> ReadTable(ReadTableRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var (scope, page) = ("", default(Page));
        var query = new TableQuery(request.Table, request.Filter, request.Pivot, request.Purpose)
        {
            EvenIfRetracted = request.EvenIfRetracted,
        };
        var found = await tables.RunAsync(
            caller, ReleaseName.Parse(request.Name), query,
            row =>
            {
                scope = $"table {row.Name} {query}";
                page = pages.Read(caller, scope, request.PageSize, request.PageToken);
                return (page.Skip, page.Take);
            },
            ct);
        var response = ReleaseWire.Write(found);
        if (found.RowCount > page.Skip + page.Take)
            response.NextPageToken = pages.Next(caller, scope, page);
        return response;
    }

    public override async Task<CompareReleasesResponse> CompareReleases(
        CompareReleasesRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var comparison = await comparisons.RunAsync(
            caller, ReleaseName.Parse(request.Name), ReleaseName.Parse(request.Other), request.Purpose,
            new ComparisonTerms(request.EvenIfCoverageDiffers, request.EvenIfRetracted), ct);

        // With the numbers that were found: "latest" may be another release by the next page.
        var (first, other) = (comparison.First.View.Row.Name, comparison.Other.View.Row.Name);
        var scope = $"compare {first} {other} {request.Purpose} {request.EvenIfCoverageDiffers}"
            + $" {request.EvenIfRetracted}";
        var page = pages.Read(caller, scope, request.PageSize, request.PageToken);
        var response = page.Skip == 0
            ? ReleaseWire.Write(comparison)
            : new CompareReleasesResponse { SamePeriod = comparison.IsSamePeriod };
        response.CoverageDiffers = comparison.CoverageDiffers;
        var differences = comparison.Tables.SelectMany(t => t.Differences).Skip(page.Skip).Take(page.TakeOneMore)
            .ToList();
        response.Differences.Add(differences.Take(page.Take).Select(
            d => ReleaseWire.Write(d, comparison is { CoverageDiffers: true, IsSamePeriod: false })));
        if (differences.Count > page.Take)
            response.NextPageToken = pages.Next(caller, scope, page);
        return response;
    }

    static Feed Write(FeedView view)
    {
        var name = $"agreements/{view.Agreement}/feeds/{view.Feed.Id}";
        var feed = new Feed
        {
            Name = name,
            Title = view.Feed.Title,
            Dataset = view.Feed.Dataset,
            Regime = view.Feed.Regime,
            Marking = view.Feed.Marking,
            LatestRelease = view.Latest is { } number ? $"{name}/releases/{number}" : "",
            NextReadableTime = view.NextReadable is { } next ? Wire.Time(next.UtcTicks) : null,
            Approvals = view.Feed.Approvals,
            EmbargoDays = view.Feed.EmbargoDays,
        };
        feed.Areas.Add(view.Feed.Areas);
        feed.Purposes.Add(view.Feed.Purposes);
        feed.OnwardConsents.Add(view.Consents.Select(RequestWire.Consent));
        return feed;
    }

    /// <param name="withQueries">A page of releases would be too large with them.</param>
    internal static Release Write(ReleaseView view, bool withQueries)
    {
        var row = view.Row;
        var release = new Release
        {
            Name = row.Name,
            Period = Wire.Period(row.PeriodStart, row.PeriodEnd),
            PublishTime = Wire.Time(row.PublishTicks),
            AgreementRevision = row.AgreementRevision,
            Complete = row.Complete,
            ManifestNote = row.ManifestNote,
            Note = row.Note,
            EventId = row.Event,
            ReadableTime = row.ReadableTicks > row.PublishTicks ? Wire.Time(row.ReadableTicks) : null,
        };
        if (view.Retraction is { } taken)
            release.Retraction = new Retraction
            {
                Time = Wire.Time(taken.Ticks), Reason = taken.Reason, EventId = taken.Event, Note = taken.Note,
            };
        release.Files.Add(view.Files.Select(f => new V1.ReleaseFile
        {
            Name = f.Name,
            MediaType = f.MediaType,
            SizeBytes = f.Bytes,
            Sha256 = Wire.Hex(f.Sha256),
        }));
        release.Coverage.Add(view.Coverage.Select(line => Write(line, withQueries)));
        release.Frozen = view.Affecting.Any(s => s.FreezeTicks is not null);
        release.AffectedBy.Add(view.Affecting.SelectMany(Write));
        return release;
    }

    static IEnumerable<AffectedBy> Write(SubmissionRow row)
    {
        if (row.WithdrawTicks is { } withdrawn)
            yield return Affected(row, AffectedBy.Types.Cause.Withdrawn, withdrawn);
        if (row.FreezeTicks is { } frozen)
            yield return Affected(row, AffectedBy.Types.Cause.Frozen, frozen);
    }

    static AffectedBy Affected(SubmissionRow row, AffectedBy.Types.Cause cause, long ticks) =>
        new() { Submission = row.Name, Cause = cause, Time = Wire.Time(ticks) };

    static CoverageEntry Write(CoverageLine line, bool withQueries)
    {
        var entry = new CoverageEntry
        {
            Party = line.Party,
            Area = line.Area,
            Status = (CoverageEntry.Types.Status)line.Status,
            HasUnexplainedQueries = line.HasUnexplainedQueries,
        };
        entry.Submissions.Add(line.Submissions);
        if (line.Locations is { } at)
            entry.Locations = new V1.LocationShares
            {
                ExactPercent = at.Exact, OutwardPercent = at.Outward, UnknownPercent = at.Unknown,
            };
        if (withQueries)
            entry.Queries.Add(line.Queries.Select(Write));
        return entry;
    }

    static V1.ReleaseQuery Write(Exchange.Releasing.ReleaseQuery query) => new()
    {
        Submission = query.Submission,
        Rule = query.Rule,
        Title = query.Title,
        Field = query.Field,
        Area = query.Area,
        Code = query.Code,
        Explanation = query.Explanation ?? "",
        CarriedFrom = query.CarriedFrom ?? "",
        UntilDate = query.Until is { } until ? Wire.Day(until) : null,
    };
}
