using Google.Protobuf.Collections;

namespace IsaExchange.Cli.Wire;

/// <summary>Reads a list to its end, page by page.</summary>
static class Paging
{
    public const int PageSize = 500;

    /// <param name="page">Asks for the page of a token ("" = the first) and gives its items and the next token.</param>
    public static async Task<List<T>> All<T>(Func<string, Task<(RepeatedField<T> Items, string Next)>> page)
    {
        var all = new List<T>();
        var token = "";
        do
        {
            var (items, next) = await page(token);
            all.AddRange(items);
            if (next.Length > 0 && next == token)
                throw new VerbException(ExitCode.Ours,
                    "the exchange gave the same page twice; the list is not complete");
            token = next;
        }
        while (token.Length > 0);
        return all;
    }
}
