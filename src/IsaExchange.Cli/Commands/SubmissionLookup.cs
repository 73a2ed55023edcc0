using IsaExchange.Cli.Wire;
using IsaExchange.V1;

namespace IsaExchange.Cli.Commands;

/// <summary>Finds the submission a person means by a whole name, dataset/id, or an id alone.</summary>
static class SubmissionLookup
{
    public static async Task<string> Name(Invocation run, string text)
    {
        var exchange = run.Exchange;
        if (Names.IsWhole(text)) return text;
        if (text.StartsWith("parties/", StringComparison.Ordinal))
            return $"{Names.Agreement(exchange.Agreement)}/{text}";
        if (text.Split('/') is [var dataset, var id] && dataset.Length > 0 && id.Length > 0)
            return $"{Names.Dataset(exchange.Agreement, exchange.Party, dataset)}/submissions/{id}";
        var found = (await All(run, exchange.Party)).Where(s => Names.Last(s.Name) == text).ToList();
        return found switch
        {
            [var only] => only.Name,
            [] => throw new VerbException(ExitCode.NotFound, $"{text} is not a submission of {exchange.Party}",
                "isax status lists them; another party's is written parties/PARTY/datasets/DATASET/submissions/ID"),
            _ => throw new VerbException(ExitCode.Usage, $"{text} is the id of several submissions; write dataset/id"),
        };
    }

    public static async Task<Submission> Get(Invocation run, string text)
    {
        var request = new GetSubmissionRequest { Name = await Name(run, text) };
        return await Resilience.Call(o => run.Exchange.Submissions.GetSubmissionAsync(request, o), run.Stop);
    }

    public static Task<List<Submission>> All(Invocation run, string party) =>
        AllOf(run, Names.Dataset(run.Exchange.Agreement, party, "-"));

    /// <summary>All of a dataset, newest first.</summary>
    public static Task<List<Submission>> AllOf(Invocation run, string dataset) => Paging.All(async token =>
    {
        var page = await Resilience.Call(o => run.Exchange.Submissions.ListSubmissionsAsync(new ListSubmissionsRequest
        {
            Parent = dataset,
            PageSize = Paging.PageSize,
            PageToken = token,
        }, o), run.Stop);
        return (page.Submissions, page.NextPageToken);
    });
}
