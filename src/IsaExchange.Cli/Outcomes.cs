using Grpc.Core;
using IsaExchange.Cli.Wire;

namespace IsaExchange.Cli;

/// <summary>Turns the way a verb ended into messages on stderr and an exit code.</summary>
static class Outcomes
{
    public static async Task<ExitCode> Run(Invocation invocation, Func<Task<ExitCode>> body)
    {
        try
        {
            return await body();
        }
        catch (RpcException) when (invocation.Stop.IsCancellationRequested)
        {
            return Interrupted(invocation);
        }
        catch (OperationCanceledException) when (invocation.Stop.IsCancellationRequested)
        {
            return Interrupted(invocation);
        }
        catch (RpcException e)
        {
            return Refused(invocation, Failure.Of(e));
        }
        catch (HttpIOException)
        {
            invocation.Terminal.Complain("try again later: the link to the exchange broke");
            return ExitCode.TryAgain;
        }
        catch (VerbException e)
        {
            invocation.Terminal.Complain($"error: {e.Message}");
            if (e.Hint is not null) invocation.Terminal.Complain($"  {e.Hint}");
            return e.Code;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            invocation.Terminal.Complain($"error: {e.Message}");
            return ExitCode.Ours;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A bug of ours; where it happened is worth more to whoever reports it than a bare sentence.
            invocation.Terminal.Complain($"fault of isax: {e.GetType().Name}: {e.Message}");
            if (e.StackTrace is { } trace) invocation.Terminal.Complain(trace);
            return ExitCode.Ours;
        }
    }

    /// <summary>What the exchange said no with: the sentence, the clause, whom to ring.</summary>
    public static ExitCode Refused(Invocation invocation, Failure failure)
    {
        var terminal = invocation.Terminal;
        terminal.Complain($"{failure.Kind}: {failure.Sentence}");
        if (failure.Reason.Length > 0) terminal.Complain($"  reason: {failure.Reason}");
        if (failure.Clause.Length > 0) terminal.Complain($"  clause: {failure.Clause}");
        if (failure.Contact.Length > 0) terminal.Complain($"  ring:   {failure.Contact}");
        if (failure.Incident.Length > 0) terminal.Complain($"  incident: {failure.Incident}");
        if (failure.ExitCode is ExitCode.TryAgain && invocation.ServerAddress.Length > 0)
            terminal.Complain($"  server: {invocation.ServerAddress}");
        return failure.ExitCode;
    }

    static ExitCode Interrupted(Invocation invocation)
    {
        invocation.Terminal.Complain("stopped");
        return ExitCode.TryAgain;
    }
}
