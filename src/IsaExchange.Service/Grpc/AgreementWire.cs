using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using IsaExchange.Agreement;
using IsaExchange.Exchange;
using IsaExchange.V1;
using Stage = IsaExchange.V1.Agreement.Types.Stage;

namespace IsaExchange.Service.Grpc;

/// <summary>Agreements, their signatures and their officers as they go over the wire.</summary>
static class AgreementWire
{
    /// <summary>A revision without its text: for lists.</summary>
    public static V1.Agreement Summary(RevisionView view)
    {
        var (agreement, row) = (view.Agreement, view.Revision.Row);
        var message = new V1.Agreement
        {
            Name = view.Name,
            Title = agreement.Title,
            Revision = agreement.Revision,
            From = Wire.Day(agreement.From),
            To = Wire.Day(agreement.To),
            ReviewDue = Wire.Day(agreement.ReviewDue),
            Stage = StageOf(view.Revision.Stage),
            Quorum = agreement.Signing.Quorum,
            SourceSha256 = Wire.Hex(row.SourceSha256),
            ProposeTime = Wire.Time(row.Ticks),
            ProposerParty = PartyOf(agreement, row.Proposer),
        };
        message.Signatures.Add(agreement.Acts.Signatures.Select(s => Signature(view, s)));
        message.Missing.Add(agreement.Signing.Signatories.Where(s => !agreement.SignedParties.Contains(s.Party))
            .Select(s => Missing(agreement, s)));
        message.StageChanges.Add(view.Revision.Stages.Select(s => new V1.StageChange
        {
            Stage = StageOf((AgreementStage)s.Stage), Time = Wire.Time(s.Ticks), Reason = s.Reason,
        }));
        return message;
    }

    public static V1.Agreement Whole(RevisionView view, DateTimeOffset now)
    {
        var (agreement, message) = (view.Agreement, Summary(view));
        message.SourceYaml = agreement.SourceYaml;
        message.Source = ByteString.CopyFrom(view.Revision.Row.Source);
        message.Purposes.Add(agreement.Purposes.Select(p => p.Id));
        message.Datasets.Add(agreement.DatasetsOwed.Select(d => d.Dataset).Distinct(StringComparer.Ordinal));
        message.Areas.Add(agreement.Areas.Select(a => new Area { Code = a.Code, Title = a.Title, Kind = a.Kind }));
        foreach (var party in agreement.Parties)
        {
            var written = new Party { Id = party.Id, Title = party.Title, Kind = party.Kind };
            written.Areas.Add(party.Areas);
            message.Parties.Add(written);
        }

        message.Officers.Add(agreement.Officers.Select(o => Officer(agreement, o, now)));
        return message;
    }

    public static LiaisonOfficer Officer(SharingAgreement agreement, OfficerClause officer, DateTimeOffset now)
    {
        var person = agreement.People.FirstOrDefault(p => p.Id == officer.Person);
        var today = LondonTime.Date(now);
        var message = new LiaisonOfficer
        {
            Name = $"agreements/{agreement.Id}/parties/{officer.Party}",
            Party = officer.Party,
            Person = person?.Name ?? officer.Person,
            PersonId = officer.Person,
            Contact = person?.Contact ?? "",
            Deputy = officer.Deputy,
            From = Wire.Day(officer.From),
            To = Wire.Day(officer.To),
            Clause = officer.Clause,
            Current = officer.From <= today && today <= officer.To && !(officer.Ended <= now),
        };
        message.Areas.Add(officer.Areas);
        if (officer.Ended is { } ended)
            message.EndTime = Timestamp.FromDateTimeOffset(ended);
        return message;
    }

    static AgreementSignature Signature(RevisionView view, SignatureAct act)
    {
        var message = new AgreementSignature
        {
            Party = act.Party,
            Person = act.Person,
            PersonName = NameOf(view.Agreement, act.Person),
            Office = act.Office,
            SignTime = Timestamp.FromDateTimeOffset(act.Time),
        };
        if (view.Revision.Signatures.FirstOrDefault(s => s.Party == act.Party) is not { } row)
        {
            message.Carried = true;
            return message;
        }

        message.Statement = row.Statement;
        message.Signature = ByteString.CopyFrom(row.Signature);
        message.Certificate = row.Certificate;
        return message;
    }

    static Signatory Missing(SharingAgreement agreement, SignatoryClause signatory) => new()
    {
        Party = signatory.Party,
        Person = signatory.Person,
        PersonName = NameOf(agreement, signatory.Person),
        Office = signatory.Office,
        Contact = agreement.People.FirstOrDefault(p => p.Id == signatory.Person)?.Contact ?? "",
    };

    public static string NameOf(SharingAgreement agreement, string person) =>
        agreement.People.FirstOrDefault(p => p.Id == person)?.Name ?? person;

    static string PartyOf(SharingAgreement agreement, string subject)
    {
        var person = new Principal(subject).Person;
        return agreement.Roles.FirstOrDefault(r => r.Person == person)?.Party ?? "";
    }

    static Stage StageOf(AgreementStage stage) => stage switch
    {
        AgreementStage.Draft => Stage.Draft,
        AgreementStage.Consultation => Stage.Consultation,
        AgreementStage.Signing => Stage.Signing,
        AgreementStage.InForce => Stage.InForce,
        AgreementStage.Suspended => Stage.Suspended,
        AgreementStage.Retired => Stage.Retired,
        AgreementStage.Replaced => Stage.Replaced,
        _ => throw new InvalidOperationException("A stage the wire does not have."),
    };
}
