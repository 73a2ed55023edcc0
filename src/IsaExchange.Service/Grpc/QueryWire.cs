using IsaExchange.Datasets.Validation;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.V1;

namespace IsaExchange.Service.Grpc;

/// <summary>Faults, queries and what was said to them, as the wire has them.</summary>
static class QueryWire
{
    const string Groups = "/violationGroups/";

    /// <summary>Name of the submission, and id of the group within it.</summary>
    /// <exception cref="ExchangeException">NOT_FOUND.</exception>
    public static (string Submission, string Group) Group(string name)
    {
        var at = name.LastIndexOf(Groups, StringComparison.Ordinal);
        return at < 0
            ? throw ExchangeException.NotFound("The violation group")
            : (name[..at], name[(at + Groups.Length)..]);
    }

    public static V1.Violation Write(Datasets.Validation.Violation violation, string submission, int number) => new()
    {
        Name = $"{submission}/violations/{number}",
        Severity = Write(violation.Severity),
        Rule = violation.Rule,
        Line = violation.Line,
        Record = violation.Record,
        Column = violation.Column,
        Field = violation.Field,
        Description = violation.Description,
        Remedy = violation.Remedy,
        ViolationGroup = submission + Groups
            + Datasets.Validation.ViolationGroup.IdOf(violation.Rule, violation.Field),
    };

    public static V1.ViolationGroup Write(ExplainedGroup explained, string submission)
    {
        var (group, said) = (explained.Group, explained.Said);
        var message = new V1.ViolationGroup
        {
            Name = submission + Groups + group.Id,
            Severity = Write(group.Severity),
            Rule = group.Rule,
            Field = group.Field,
            Count = group.Count,
            Description = group.Description,
            Remedy = group.Remedy,
            Explanation = said.Count > 0 ? said[0].Text : "",
            Area = group.Area,
            Code = group.Code,
            Comparison = explained.Compared is { } compared ? Write(compared) : null,
        };
        message.Explanations.Add(said.Select(row => Write(row, submission)));
        return message;
    }

    /// <summary>What stands on the first page only.</summary>
    public static void AddTo(ListViolationsResponse response, ViolationsView view, string submission)
    {
        response.ViolationGroups.Add(view.Groups.Select(g => Write(g, submission)));
        if (view.Locations is { } at)
            response.Locations = Write(at);
        if (view.Risk is { } risk)
            response.RecordRisk = Write(risk);
        if (view.Comparison is not { } comparison)
            return;
        response.Comparison = new PeriodComparison { Submissions = { comparison.With } };
        response.Comparison.NotCompared.Add(comparison.Without.Select(
            w => new NotCompared { Submission = w.Submission, Reason = w.Reason }));
    }

    public static V1.LocationQuality Write(Datasets.Validation.LocationQuality at) => new()
    {
        ExactCount = at.Exact,
        OutwardCount = at.Outward,
        UnknownCount = at.Unknown,
    };

    static V1.RecordRisk Write(Datasets.Validation.RecordRisk risk)
    {
        var message = new V1.RecordRisk
        {
            Fields = { risk.Fields },
            RecordCount = risk.Records,
            UncountedCount = risk.Uncounted,
            GroupCount = risk.Groups,
            AloneCount = risk.Alone,
            BelowThreeCount = risk.BelowThree,
            BelowFiveCount = risk.BelowFive,
            SmallestGroup = risk.SmallestGroup,
            BelowSmallestCount = risk.BelowSmallestGroup,
        };
        message.Without.Add(risk.Without.Select(
            w => new V1.RiskWithout { Field = w.Field, AloneCount = w.Alone }));
        return message;
    }

    public static SubmissionEffect Write(EffectView view)
    {
        var message = new SubmissionEffect
        {
            Name = view.Row.Name,
            Dimension = view.By,
            Truncated = view.Truncated,
            Locations = view.Locations is { } at ? Write(at) : null,
        };
        message.SubmissionsBefore.Add(view.Before.Select(row => row.Name));
        foreach (var counted in view.Counts)
        {
            var count = new V1.EffectCount
            {
                Area = counted.Area,
                Code = counted.Code,
                Count = counted.Count,
                CodeNotStated = counted.IsNotStated,
                PreviousPeriod = counted.PeriodBefore is { } period ? Wire.Period(period) : null,
            };
            if (counted.Replaced is { } replaced)
                count.ReplacedCount = replaced;
            if (counted.Before is { } before)
                count.PreviousCount = before;
            message.Counts.Add(count);
        }

        message.Feeds.Add(view.Feeds.Select(feed => Write(feed, view.Row.Agreement)));
        return message;
    }

    static V1.FeedStanding Write(Exchange.FeedStanding standing, string agreement)
    {
        var message = new V1.FeedStanding
        {
            Feed = $"agreements/{agreement}/feeds/{standing.Feed.Id}",
            Title = standing.Feed.Title,
            Period = Wire.Period(standing.Period),
            Complete = standing.IsComplete,
        };
        message.Coverage.Add(standing.Lines.Select(line => new CoverageEntry
        {
            Party = line.Party,
            Area = line.Area,
            Status = (CoverageEntry.Types.Status)line.Status,
        }));
        return message;
    }

    static Explanation Write(ExplanationRow row, string submission) => new()
    {
        Text = row.Text,
        Time = Wire.Time(row.Ticks),
        UntilDate = row.Until is { } until ? Wire.Day(until) : null,
        CarriedFrom = row.CarriedFrom is { } from
            ? submission[..(submission.LastIndexOf('/') + 1)] + from
            : "",
        EndTime = row.EndTicks is { } end ? Wire.Time(end) : null,
    };

    static CountComparison Write(ComparedCounts compared)
    {
        var message = new CountComparison { Count = compared.Count };
        message.Before.Add(compared.Before.Select(b => new PeriodCount
        {
            Submission = b.Submission,
            Period = Wire.Period(b.Period),
            Known = b.Count is not null,
            Count = b.Count ?? 0,
        }));
        return message;
    }

    static V1.Violation.Types.Severity Write(Severity severity) => severity switch
    {
        Severity.Error => V1.Violation.Types.Severity.Error,
        Severity.Query => V1.Violation.Types.Severity.Query,
        Severity.Info => V1.Violation.Types.Severity.Info,
        _ => throw new InvalidOperationException("A severity the wire does not have."),
    };
}
