using System.Net;
using System.Text.Json;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Wire;

/// <summary>
/// What is read as JSON is read by the same rules: who calls, what the agreement says, and what the log keeps.
/// </summary>
public sealed class JsonReadingTests(PublishedExchange northmere) : IClassFixture<PublishedExchange>
{
    const string Purpose = "strategic-assessment";

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    string TablePath => $"/v1/{northmere.Complete.Name}/tables/area-by-block?purpose={Purpose}";

    async Task<(HttpStatusCode Code, JsonElement Said)> GetAsync(string? who, string path)
    {
        using var http = northmere.Exchange.Http(who);
        using var request = new HttpRequestMessage(HttpMethod.Get, path)
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var response = await http.SendAsync(request, Stop);
        var text = await response.Content.ReadAsStringAsync(Stop);
        return (response.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }

    static string Reason(JsonElement said) => said.GetProperty("details")[0].GetProperty("reason").GetString()!;

    [Fact]
    public async Task Pages_FollowEachOtherAndSayWhatGrpcSays()
    {
        var events = northmere.Catalogue.Events("read.release_table");
        var (rows, token, pages) = (new List<string>(), "", 0);
        do
        {
            var (code, said) = await GetAsync(
                Northmere.CouncilAnalyst,
                $"{TablePath}&pivot=block&pageSize=2&pageToken={Uri.EscapeDataString(token)}");
            Assert.Equal(HttpStatusCode.OK, code);
            rows.AddRange(said.GetProperty("rows").EnumerateArray().Select(r => string.Join(' ', [
                r.GetProperty("codes")[0].GetString()!,
                .. r.GetProperty("cells").EnumerateArray().Select(c => c.GetProperty("status").GetString()!
                    + (c.TryGetProperty("value", out var value) ? $"{value.GetInt64()}" : "")),
            ])));
            token = said.GetProperty("nextPageToken").GetString()!;
            pages++;
        }
        while (token.Length > 0);
        var table = await northmere.Feeds(Northmere.CouncilAnalyst).ReadTableAsync(
            new ReadTableRequest
            {
                Name = northmere.Complete.Name, Table = "area-by-block", Purpose = Purpose, Pivot = "block",
            }, cancellationToken: Stop);
        Assert.Equal(
            table.Rows.Select(r => string.Join(' ', [
                r.Codes[0], .. r.Cells.Select(c => c.Status + (c.HasValue ? $"{c.Value}" : "")),
            ])),
            rows);
        Assert.Equal(3, pages);
        Assert.Equal(events + 4, northmere.Catalogue.Events("read.release_table"));
    }

    [Fact]
    public async Task WithoutACredential_NothingIsToldAndTheAttemptIsInTheLog()
    {
        var before = northmere.Catalogue.Events("auth.refused");
        var (code, said) = await GetAsync(null, TablePath);
        Assert.Equal((HttpStatusCode.Unauthorized, "UNAUTHENTICATED"), (code, Reason(said)));
        Assert.Equal(before + 1, northmere.Catalogue.Events("auth.refused"));
    }

    [Theory]
    [InlineData("/tables/area-by-block?purpose=press-office", HttpStatusCode.Forbidden, "PURPOSE_NOT_PERMITTED")]
    [InlineData("/tables/area-by-block", HttpStatusCode.Forbidden, "PURPOSE_REQUIRED")]
    [InlineData("/tables/none?purpose=strategic-assessment", HttpStatusCode.NotFound, "NOT_FOUND")]
    [InlineData(
        "/tables/area-by-block?purpose=strategic-assessment&filter=area", HttpStatusCode.BadRequest, "FILTER_INVALID")]
    public async Task Refusal_CarriesItsReason(string path, HttpStatusCode code, string reason)
    {
        var answer = await GetAsync(Northmere.CouncilAnalyst, $"/v1/{northmere.Complete.Name}{path}");
        Assert.Equal((code, reason), (answer.Code, Reason(answer.Said)));
    }

    [Fact]
    public async Task WhoMayNotKnowOfAFeed_FindsNothing()
    {
        var (code, said) = await GetAsync(Northmere.PoliceSender, TablePath);
        Assert.Equal((HttpStatusCode.Forbidden, "ROLE_NOT_PERMITTED"), (code, Reason(said)));
        (code, said) = await GetAsync(Northmere.CouncilAnalyst, $"/v1/agreements/none/feeds/none/releases/1");
        Assert.Equal((HttpStatusCode.NotFound, "NOT_FOUND"), (code, Reason(said)));
    }

    [Fact]
    public async Task ReleasesAndComparison_AreToldToo()
    {
        var (code, said) = await GetAsync(Northmere.CouncilAnalyst, $"/v1/{Northmere.AdmissionsFeed}/releases");
        Assert.Equal((HttpStatusCode.OK, 3), (code, said.GetProperty("releases").GetArrayLength()));
        (code, said) = await GetAsync(
            Northmere.CouncilAnalyst,
            $"/v1/{northmere.Complete.Name}:compare?other={northmere.AfterCorrection.Name}&purpose={Purpose}");
        Assert.Equal((HttpStatusCode.OK, 2), (code, said.GetProperty("differences").GetArrayLength()));
        Assert.Equal("nhs-2018", said.GetProperty("first").GetProperty("regime").GetString());
    }

    [Fact]
    public async Task PageOfSomebodyElse_ReadsNothingByTheCertificateOfABrowser()
    {
        var events = northmere.Catalogue.Events("read.release_table");
        using var http = northmere.Exchange.Http(Northmere.CouncilAnalyst);
        using var request = new HttpRequestMessage(HttpMethod.Get, TablePath)
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Headers = { { "Sec-Fetch-Site", "cross-site" } },
        };
        using var response = await http.SendAsync(request, Stop);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(events, northmere.Catalogue.Events("read.release_table"));
    }

    /// <summary>They have rules for HTTP in the contract; as JSON they are not there, whoever asks.</summary>
    [Theory]
    [InlineData("GET", Northmere.Street + "/submissions")]
    [InlineData("GET", Northmere.Agreement)]
    [InlineData("POST", Northmere.AdmissionsFeed + "/releases:publish")]
    public async Task EveryOtherMethod_IsNotThere(string method, string name)
    {
        foreach (var who in new[] { Northmere.Steward, Northmere.PoliceSender, null })
        {
            using var http = northmere.Exchange.Http(who);
            using var request = new HttpRequestMessage(new HttpMethod(method), "/v1/" + name)
            {
                Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = method == "POST" ? new StringContent("{}", null, "application/json") : null,
            };
            using var response = await http.SendAsync(request, Stop);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            Assert.Empty(await response.Content.ReadAsByteArrayAsync(Stop));
        }
    }
}
