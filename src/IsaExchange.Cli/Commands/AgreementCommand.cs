using System.CommandLine;

namespace IsaExchange.Cli.Commands;

/// <summary>isax agreement: on paper, from a proposal to a signature, into force, and out of it.</summary>
static class AgreementCommand
{
    public static Command Create(GlobalOptions globals) =>
        new("agreement", "Check, compare, propose, discuss, sign, bring into force, stop and end an agreement.")
        {
            AgreementLint.Create(globals),
            AgreementShow.Create(globals),
            AgreementCompare.Create(globals),
            AgreementTry.Create(globals),
            AgreementStatus.Create(globals),
            AgreementRevisions.Create(globals),
            AgreementPropose.Create(globals),
            AgreementStages.Consult(globals),
            AgreementComment.Create(globals),
            AgreementComment.List(globals),
            AgreementStages.OpenSigning(globals),
            AgreementSign.Create(globals),
            AgreementStages.Activate(globals),
            AgreementStages.Suspend(globals),
            AgreementStages.Resume(globals),
            AgreementStages.Retire(globals),
            AgreementWithdraw.Create(globals),
        };
}
