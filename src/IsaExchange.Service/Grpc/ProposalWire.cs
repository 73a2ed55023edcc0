using IsaExchange.Exchange;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.V1;

namespace IsaExchange.Service.Grpc;

/// <summary>Proposed releases, as the wire has them.</summary>
static class ProposalWire
{
    public static ReleaseProposal Write(ProposalView view, bool withQueries)
    {
        var row = view.Row;
        var message = new ReleaseProposal
        {
            Name = row.Name,
            State = (ReleaseProposal.Types.State)view.State,
            Release = Release(row, withQueries),
            ManifestSha256 = Wire.Hex(row.ManifestSha256),
            Party = row.Party,
            Proposer = view.People[row.Proposer],
            ProposeTime = Wire.Time(row.ProposeTicks),
            LapseTime = Wire.Time(row.LapseTicks),
            ApprovalsNeeded = view.Needed,
            EmbargoUntilDate = row.EmbargoUntil is { } until ? Wire.Day(until) : null,
            EventId = row.Event,
        };
        message.Opinions.Add(view.Acts.Select(act => new ReleaseOpinion
        {
            Party = act.Party,
            Person = view.People[act.Actor],
            Approved = act.Kind == ProposalActKind.Approve,
            Reason = act.Reason,
            Time = Wire.Time(act.Ticks),
            EventId = act.Event,
        }));
        return message;
    }

    // What is known only when it is published stays unset.
    static Release Release(ReleaseProposalRow row, bool withQueries)
    {
        var asRelease = row.AsRelease(row.ProposeTicks, row.ProposeTicks);
        var release = FeedEndpoint.Write(ReadRelease.View(asRelease), withQueries);
        release.PublishTime = null;
        return release;
    }
}
