using System.CommandLine;
using Grpc.Core;
using IsaExchange.Cli.Wire;
using IsaExchange.V1;
using Stage = IsaExchange.V1.Agreement.Types.Stage;

namespace IsaExchange.Cli.Commands;

/// <summary>The steward's verbs that move an agreement from one stage to the next.</summary>
static class AgreementStages
{
    public static Command Consult(GlobalOptions globals) => OfRevision(
        globals, new Command("consult", "Open a draft for comments.").WithExample("isax agreement consult"),
        [Stage.Draft],
        (run, name) => o => run.Exchange.Agreements.OpenConsultationAsync(
            new OpenConsultationRequest { Name = name, RequestId = RequestId.Fresh() }, o));

    public static Command OpenSigning(GlobalOptions globals) => OfRevision(
        globals,
        new Command("open-signing", "Open a draft for signatures; its words are final.")
            .WithExample("isax agreement open-signing"),
        [Stage.Draft, Stage.Consultation],
        (run, name) => o => run.Exchange.Agreements.OpenSigningAsync(
            new OpenSigningRequest { Name = name, RequestId = RequestId.Fresh() }, o));

    public static Command Activate(GlobalOptions globals) => OfRevision(
        globals,
        new Command("activate", "Bring a signed revision into force; it replaces the one before.")
            .WithExample("isax agreement activate"),
        [Stage.Signing],
        (run, name) => o => run.Exchange.Agreements.ActivateRevisionAsync(
            new ActivateRevisionRequest { Name = name, RequestId = RequestId.Fresh() }, o));

    public static Command Suspend(GlobalOptions globals) => WithReason(
        globals,
        new Command("suspend", "Stop everything but evidence, from the next call on.")
            .WithExample("isax agreement suspend --reason \"a breach is looked into\""),
        (run, reason) => o => run.Exchange.Agreements.SuspendAgreementAsync(new SuspendAgreementRequest
        {
            Name = Names.Agreement(run.Exchange.Agreement), Reason = reason, RequestId = RequestId.Fresh(),
        }, o));

    public static Command Resume(GlobalOptions globals) => WithReason(
        globals,
        new Command("resume", "Let a suspended agreement act again.")
            .WithExample("isax agreement resume --reason \"the breach is closed\""),
        (run, reason) => o => run.Exchange.Agreements.ResumeAgreementAsync(new ResumeAgreementRequest
        {
            Name = Names.Agreement(run.Exchange.Agreement), Reason = reason, RequestId = RequestId.Fresh(),
        }, o));

    public static Command Retire(GlobalOptions globals) => WithReason(
        globals,
        new Command("retire", "End an agreement before its last day; statutory duties go on.")
            .WithExample("isax agreement retire --reason \"the partnership is dissolved\""),
        (run, reason) => o => run.Exchange.Agreements.RetireAgreementAsync(new RetireAgreementRequest
        {
            Name = Names.Agreement(run.Exchange.Agreement), Reason = reason, RequestId = RequestId.Fresh(),
        }, o));

    public static Option<string> Reason() => new("--reason")
    {
        Description = "Why: every authority can read it. No names, no personal data.",
        HelpName = "TEXT",
        Required = true,
    };

    static Command OfRevision(
        GlobalOptions globals, Command command, Stage[] stages,
        Func<Invocation, string, Func<CallOptions, AsyncUnaryCall<V1.Agreement>>> call)
    {
        var revision = AgreementRevisions.Revision();
        command.Arguments.Add(revision);
        globals.Handle(command, async (parse, run) =>
        {
            var name = await AgreementRevisions.Name(run, parse.GetValue(revision), stages);
            run.Terminal.Show(AgreementAnswers.Card(await Resilience.Call(call(run, name), run.Stop)));
            return ExitCode.Ok;
        });
        return command;
    }

    static Command WithReason(
        GlobalOptions globals, Command command,
        Func<Invocation, string, Func<CallOptions, AsyncUnaryCall<V1.Agreement>>> call)
    {
        var reason = Reason();
        command.Options.Add(reason);
        globals.Handle(command, async (parse, run) =>
        {
            var done = await Resilience.Call(call(run, parse.GetRequiredValue(reason)), run.Stop);
            run.Terminal.Show(AgreementAnswers.Card(done));
            return ExitCode.Ok;
        });
        return command;
    }
}
