using System.CommandLine;
using IsaExchange.Cli.Rendering;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>isax release propose, proposals, review, approve, reject: where others than one steward publish.</summary>
static class ReleaseProposals
{
    public static Command Propose(GlobalOptions globals)
    {
        var feed = ReleasePublish.Feed();
        var (period, note, embargo) = (Inputs.Period(), ReleasePublish.Note(), ReleasePublish.Embargo());
        var command = new Command("propose", "Make the next release of a feed, for other stewards to approve.")
        {
            feed, period, note, embargo,
        }.WithExample("isax release propose recorded-crime-by-csp --period 2026-07-01/P3M");
        globals.Handle(command, async (parse, run) =>
        {
            var request = new ProposeReleaseRequest
            {
                Parent = Names.Feed(run.Exchange.Agreement, parse.GetRequiredValue(feed)),
                Period = WirePeriods.Write(parse.GetRequiredValue(period)),
                Note = parse.GetValue(note) ?? "",
                EmbargoUntilDate = parse.GetValue(embargo) is { } day ? WirePeriods.Write(day) : null,
                RequestId = RequestId.Fresh(),
            };
            var made = await Resilience.LongCall(o => run.Exchange.Feeds.ProposeReleaseAsync(request, o), run.Stop);
            Show(run, made);
            return ExitCode.Ok;
        });
        return command;
    }

    public static Command List(GlobalOptions globals)
    {
        var feed = ReleasePublish.Feed();
        var command = new Command("proposals", "List what was proposed, what was said to it and what became of it.")
        {
            feed,
        }.WithExample("isax release proposals recorded-crime-by-csp");
        globals.Handle(command, async (parse, run) =>
        {
            var found = await All(run, Names.Feed(run.Exchange.Agreement, parse.GetRequiredValue(feed)));
            var listing = new Listing(
                new("proposal", "proposal"), new("release", "as"), new("period", "period"), new("state", "state"),
                new("proposed", "proposed"), new("proposer", "by"), new("said", "said", Wraps: true),
                new("needed", "needed", Number: true), new("lapses", "lapses"),
                new("name", "name", Detail: true));
            foreach (var p in found)
            {
                listing.Add(Names.Last(p.Name), Names.Last(p.Release.Name), WirePeriods.Cell(p.Release.Period),
                    State(p), SubmissionAnswers.Time(p.ProposeTime), p.Proposer, p.Opinions.Select(Words),
                    p.ApprovalsNeeded, SubmissionAnswers.Time(p.LapseTime), p.Name);
            }
            run.Terminal.Show(listing, whenEmpty: "nothing proposed");
            return ExitCode.Ok;
        });
        return command;
    }

    public static Command Review(GlobalOptions globals)
    {
        var (proposal, target) = (Argument(), new Option<DirectoryInfo?>("--out")
        {
            Description = "Folder for the files. Default: FEED/PROPOSAL here.",
            HelpName = "DIR",
        });
        var command = new Command("review", "Download what is proposed, to look at it before anybody else has it.")
        {
            proposal, target,
        }.WithExample("isax release review recorded-crime-by-csp/01j9 --out proposed");
        globals.Handle(command, async (parse, run) =>
        {
            var found = await Find(run, parse.GetRequiredValue(proposal));
            var folder = parse.GetValue(target)?.FullName
                ?? Path.Combine(Names.Id(found.Name, "feeds"), Names.Last(found.Name));
            var paths = await new ReleaseDownload(run, found.Release, "", Path.GetFullPath(folder))
            {
                Proposal = found,
            }.Run(_ => true);
            foreach (var path in paths) run.Terminal.Line(path);
            run.Terminal.Say($"  next: isax release approve {found.Name}");
            return ExitCode.Ok;
        });
        return command;
    }

    public static Command Approve(GlobalOptions globals)
    {
        var proposal = Argument();
        var manifest = new Option<string?>("--manifest")
        {
            Description = "SHA-256 of the manifest that you have looked at. Default: as the exchange says it.",
            HelpName = "HEX",
        };
        var command = new Command("approve", "Approve what another steward proposed; the last approval publishes it.")
        {
            proposal, manifest,
        }.WithExample("isax release approve recorded-crime-by-csp/01j9");
        globals.Handle(command, async (parse, run) =>
        {
            var found = await Find(run, parse.GetRequiredValue(proposal));
            var digest = SubmissionAnswers.Hex(found.ManifestSha256.Span);
            if (parse.GetValue(manifest) is { } seen
                && !string.Equals(seen, digest, StringComparison.OrdinalIgnoreCase))
                throw new VerbException(ExitCode.Integrity, "that is not the manifest of this proposal",
                    "isax release review shows what is proposed");
            var request = new ApproveReleaseRequest
            {
                Name = found.Name, ManifestSha256 = found.ManifestSha256,
                RequestId = RequestId.Of("approve", found.Name),
            };
            Show(run, await Resilience.LongCall(
                o => run.Exchange.Feeds.ApproveReleaseAsync(request, o), run.Stop));
            return ExitCode.Ok;
        });
        return command;
    }

    public static Command Reject(GlobalOptions globals)
    {
        var (proposal, reason) = (Argument(), ReleaseRetraction.Reason());
        var command = new Command("reject", "Refuse what another steward proposed, or take back what you proposed.")
        {
            proposal, reason,
        }.WithExample("isax release reject recorded-crime-by-csp/01j9 --reason \"a month is doubled\"");
        globals.Handle(command, async (parse, run) =>
        {
            var (found, why) = (await Find(run, parse.GetRequiredValue(proposal)), parse.GetRequiredValue(reason));
            var request = new RejectReleaseRequest
            {
                Name = found.Name, Reason = why, RequestId = RequestId.Of("reject", found.Name, why),
            };
            Show(run, await Resilience.Call(o => run.Exchange.Feeds.RejectReleaseAsync(request, o), run.Stop));
            return ExitCode.Ok;
        });
        return command;
    }

    static Argument<string> Argument() => new("PROPOSAL")
    {
        Description = "The proposal: FEED/ID, of which the first digits are enough, or its whole name.",
    };

    static async Task<ReleaseProposal> Find(Invocation run, string text)
    {
        var feed = Names.IsWhole(text)
            ? text.Split("/proposals/")[0] : Names.Feed(run.Exchange.Agreement, text.Split('/')[0]);
        var id = text.Contains('/', StringComparison.Ordinal) ? Names.Last(text) : "";
        var found = (await All(run, feed))
            .Where(p => Names.Last(p.Name).StartsWith(id, StringComparison.Ordinal)).ToList();
        return found is [var one]
            ? one
            : throw new VerbException(ExitCode.NotFound,
                found.Count == 0 ? $"nothing of that name is proposed: {Cell.Printable(text)}"
                    : $"{found.Count} proposals begin like {Cell.Printable(text)}",
                "isax release proposals FEED lists them");
    }

    static Task<List<ReleaseProposal>> All(Invocation run, string feed) => Paging.All(async token =>
    {
        var request = new ListProposalsRequest { Parent = feed, PageSize = Paging.PageSize, PageToken = token };
        var page = await Resilience.Call(o => run.Exchange.Feeds.ListProposalsAsync(request, o), run.Stop);
        return (page.Proposals, page.NextPageToken);
    });

    static void Show(Invocation run, ReleaseProposal p)
    {
        run.Terminal.Show(
            [
                ("proposal", new Card()
                    .Add("name", "proposal", Names.Cell(p.Name))
                    .Add("state", "state", State(p))
                    .Add("release", "as", Names.Cell(p.Release.Name))
                    .Add("manifest_sha256", "manifest", Names.Digest(SubmissionAnswers.Hex(p.ManifestSha256.Span)))
                    .Add("proposer", "proposed by", $"{p.Proposer}, {p.Party}")
                    .Add("said", "said", p.Opinions.Select(Words))
                    .Add("approvals_needed", "approvals needed", p.ApprovalsNeeded)
                    .Add("lapses", "lapses", SubmissionAnswers.Time(p.LapseTime))
                    .Add("event_id", "event", p.EventId)),
                ("coverage", ReleaseAnswers.CoverageOf(p.Release)),
            ],
            csvPart: "coverage");
        if (p.State is ReleaseProposal.Types.State.Open)
            run.Terminal.Say($"  NOT PUBLISHED: next, by another steward: isax release approve {p.Name}");
    }

    static string Words(ReleaseOpinion o) =>
        $"{(o.Approved ? "approved" : "REJECTED")} by {o.Person}, {o.Party}"
        + (o.Reason.Length > 0 ? $": {o.Reason}" : "");

    static string State(ReleaseProposal p) => p.State switch
    {
        ReleaseProposal.Types.State.Open => "open",
        ReleaseProposal.Types.State.Published => "published",
        ReleaseProposal.Types.State.Rejected => "REJECTED",
        ReleaseProposal.Types.State.Lapsed => "lapsed",
        ReleaseProposal.Types.State.Outdated => "outdated: propose again",
        _ => "",
    };
}
