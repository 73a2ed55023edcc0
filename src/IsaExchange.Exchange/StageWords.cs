using IsaExchange.Agreement;

namespace IsaExchange.Exchange;

/// <summary>Stages in the words of messages and of the log.</summary>
static class StageWords
{
    public static string Of(AgreementStage stage) => stage switch
    {
        AgreementStage.Draft => "DRAFT",
        AgreementStage.Consultation => "CONSULTATION",
        AgreementStage.Signing => "SIGNING",
        AgreementStage.InForce => "IN_FORCE",
        AgreementStage.Suspended => "SUSPENDED",
        AgreementStage.Retired => "RETIRED",
        AgreementStage.Replaced => "REPLACED",
        _ => throw new ArgumentOutOfRangeException(nameof(stage)),
    };
}
