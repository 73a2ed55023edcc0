using IsaExchange.Agreement;
using IsaExchange.Agreement.Obligations;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Auditing;
using IsaExchange.Exchange.Notifying;
using IsaExchange.Exchange.Storage.Catalogue;

namespace IsaExchange.Service.Grpc;

/// <summary>Obligations, exceptions, notices and the report as the wire carries them.</summary>
sealed class ComplianceWire(AuditTrail trail)
{
    public static V1.Obligation Write(string agreement, ObligationView view)
    {
        var (owed, standing) = (view.Obligation, view.Standing);
        var message = new V1.Obligation
        {
            Name = $"agreements/{agreement}/obligations/{owed.Id}",
            Party = owed.Party,
            Dataset = owed.Dataset,
            Area = owed.Area,
            Period = Wire.Period(owed.Period),
            DueDate = Wire.Day(owed.DueDate),
            LegalBasis = owed.LegalBasis,
            Clause = owed.Clause,
            MonthsReceived = standing.MonthsReceived,
            MonthsOwed = standing.MonthsOwed,
            State = (V1.Obligation.Types.State)standing.State,
            ExceptionUntil = standing.Exception is { } more ? Wire.Day(more.Until) : null,
            WithheldReason = standing.Withholding?.Reason ?? "",
            LastOpenDay = standing.LastOpenDay is { } last ? Wire.Day(last) : null,
            Draft = view.Draft?.Name ?? "",
            DraftState = view.Draft is null ? "" : DraftState(view.Draft.State),
        };
        message.Submissions.Add(standing.Submissions);
        message.MissingPeriods.Add(standing.MissingMonths.Select(Wire.Period));
        return message;
    }

    static string DraftState(SubmissionState state) => state switch
    {
        SubmissionState.Ready => "READY",
        SubmissionState.NeedsCorrection => "NEEDS_CORRECTION",
        _ => "OPEN",
    };

    public static V1.ObligationException Write(ExceptionRow row)
    {
        var message = new V1.ObligationException
        {
            Name = row.Name,
            Party = row.Party,
            Dataset = row.Dataset,
            Period = Wire.Period(row.PeriodStart, row.PeriodEnd),
            UntilDate = Wire.Day(DateOnly.ParseExact(row.Until, "yyyy-MM-dd")),
            Reason = row.Reason,
            GrantedBy = new Principal(row.GrantedBy).Person ?? "",
            GrantTime = Wire.Time(row.GrantTicks),
            RevokeTime = row.RevokeTicks is { } ticks ? Wire.Time(ticks) : null,
            EventId = row.Event,
        };
        message.Areas.Add(row.Areas.Split(','));
        return message;
    }

    public static V1.Withholding Write(WithholdingRow row)
    {
        var message = new V1.Withholding
        {
            Name = row.Name,
            Period = Wire.Period(row.PeriodStart, row.PeriodEnd),
            Reason = row.Reason,
            Note = row.Note,
            CreateTime = Wire.Time(row.Ticks),
            EventId = row.Event,
        };
        message.Areas.Add(row.Areas.Split(','));
        return message;
    }

    public V1.Notice Write(NoticeRow row)
    {
        var message = new V1.Notice
        {
            Name = row.Name,
            Party = row.Party,
            Recipient = row.Recipient,
            Subject = row.Subject,
            Body = row.Body,
            State = (V1.Notice.Types.State)row.State,
            Attempts = row.Attempts,
            Proof = row.Proof,
            MessageId = NoticeNames.MessageId(trail.Origin, row.Id),
            CreateTime = Wire.Time(row.CreateTicks),
            SendTime = row.SendTicks is { } ticks ? Wire.Time(ticks) : null,
            NextAttemptTime = row.State == NoticeState.Waiting ? Wire.Time(row.NextTicks) : null,
        };
        message.Kinds.Add(row.Kinds.Split(','));
        return message;
    }

    public static V1.ComplianceReport Write(ComplianceReport report)
    {
        var message = new V1.ComplianceReport
        {
            Name = $"agreements/{report.AgreementId}/complianceReport",
            Day = Wire.Day(report.Day),
            Since = Wire.Day(report.Since),
            Revision = report.Revision,
            Clean = report.IsClean,
            Rate = Write(report.Rate),
        };
        message.Sentences.Add(ComplianceSentences.Of(report));
        message.Authorities.Add(report.Authorities.Select(Write));
        message.Datasets.Add(report.Datasets.Select(Write));
        message.Missing.Add(report.Missing.Select(Write));
        message.Withheld.Add(report.Withheld.Select(Write));
        return message;
    }

    static V1.AuthorityCheck Write(AuthorityCheck check)
    {
        var message = new V1.AuthorityCheck
        {
            Party = check.Party,
            Title = check.Title,
            MustSign = check.MustSign,
            SignTime = check.SignTime is { } time ? Wire.Time(time.UtcTicks) : null,
            Rate = Write(check.Rate),
        };
        message.Officers.Add(check.Officers);
        message.Deputies.Add(check.Deputies);
        message.VacantAreas.Add(check.VacantAreas);
        return message;
    }

    static V1.DatasetCheck Write(DatasetCheck check)
    {
        var message = new V1.DatasetCheck
        {
            Dataset = check.Dataset, Party = check.Party, Rate = Write(check.Rate), Shared = check.IsShared,
        };
        message.ReceivedOnlyAreas.Add(check.ReceivedOnly);
        return message;
    }

    static V1.ReturnRate Write(ReturnRate rate) => new()
    {
        Expected = rate.Expected,
        Timely = rate.OnTime,
        Late = rate.Late,
        Nil = rate.Nil,
        Withheld = rate.Withheld,
        Missing = rate.Missing,
    };

    static V1.OpenReturn Write(ObligationGroup group)
    {
        // The worst of its areas: locked before overdue before excepted.
        var worst = group.Members.Select(m => m.Standing).MaxBy(s => s.State switch
        {
            ObligationState.Locked => 3,
            ObligationState.Overdue => 2,
            _ => 1,
        })!;
        var message = new V1.OpenReturn
        {
            Party = group.Party,
            Dataset = group.Dataset,
            Period = Wire.Period(group.Period),
            DueDate = Wire.Day(group.DueDate),
            State = worst.State switch
            {
                ObligationState.Locked => "LOCKED",
                ObligationState.Overdue => "OVERDUE",
                ObligationState.Excepted => "EXCEPTED",
                ObligationState.Withheld => "WITHHELD",
                _ => throw new InvalidOperationException("A return that is not open."),
            },
            ExceptionUntil = worst.Exception is { } more ? Wire.Day(more.Until) : null,
            WithheldReason = worst.Withholding?.Reason ?? "",
        };
        message.Areas.Add(group.Areas);
        return message;
    }
}
