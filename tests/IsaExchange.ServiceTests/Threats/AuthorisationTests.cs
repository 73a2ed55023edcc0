using Grpc.Core;
using IsaExchange.ServiceTests.Harness;
using Xunit;

namespace IsaExchange.ServiceTests.Threats;

/// <summary>
/// The full matrix of RPC and caller equals <see cref="AuthorisationTable"/>, and no RPC is without its
/// row.
/// </summary>
[Collection(ThreatsTogether.Name)]
public sealed class AuthorisationTests(ThreatsExchange northmere)
{
    public static TheoryData<string, string, string> Cells =>
    [
        .. from row in AuthorisationTable.Expected
           from cell in AuthorisationTable.Callers.Zip(row.Value)
           select new TheoryDataRow<string, string, string>(row.Key, cell.First, cell.Second),
    ];

    [Fact]
    public void EveryRpc_HasItsRow()
    {
        var rpcs = RawCall.All.Select(rpc => $"{rpc.Service.Name}.{rpc.Name}").Order(StringComparer.Ordinal);
        Assert.Equal(rpcs, AuthorisationTable.Expected.Keys.Order(StringComparer.Ordinal));
        Assert.All(AuthorisationTable.Expected.Values, row =>
            Assert.Equal(AuthorisationTable.Callers.Count, row.Length));
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task Caller_IsAnsweredAsTheTableSays(string rpc, string caller, string expected)
    {
        var called = RawCall.All.Single(r => $"{r.Service.Name}.{r.Name}" == rpc);
        var refused = northmere.Catalogue.Scalar(Refusals);
        string answer;
        try
        {
            await RawCall.SendAsync(
                northmere.Exchange.As(caller), called, TestContext.Current.CancellationToken,
                AuthorisationTable.Request(rpc, northmere));
            answer = "OK";
        }
        catch (RpcException e)
        {
            answer = Problem.Of(e).ToString();
        }

        Assert.Equal(expected, answer);

        // Whoever the agreement turns away is in the log, with the clause and the reason; nobody else is.
        var isRefusal = expected.StartsWith("Permission", StringComparison.Ordinal)
            || expected.StartsWith("NotFound", StringComparison.Ordinal);
        Assert.Equal(refused + (isRefusal ? 1 : 0), northmere.Catalogue.Scalar(Refusals));
    }

    const string Refusals =
        """
        select count(*) from Events where json_extract(Json, '$.decision') = 'deny'
        and json_extract(Json, '$.reason') <> '' and json_array_length(Json, '$.clauses') = 1
        """;
}
