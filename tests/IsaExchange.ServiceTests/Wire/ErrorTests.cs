using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Wire;

/// <summary>
/// Whatever nonsense a call holds, it ends in a status of ours that is no incident and repeats nothing of it. The form
/// itself (size, details, their order) is checked by <see cref="Problem"/>, here and in every other test.
/// </summary>
[Collection(WireTogether.Name)]
public sealed class ErrorTests(WireExchange northmere)
{
    const string Marker = "zq-planted-zq";

    static readonly StatusCode[] Fitting =
        [StatusCode.NotFound, StatusCode.InvalidArgument, StatusCode.PermissionDenied];

    /// <summary>Put in place of a name, or of one of its parts.</summary>
    static readonly string[] Nonsense =
    [
        "", " ", "/", "//////", "..", "../../../keys/log.skey", "..%2f..%2fkeys", "%00", Marker + "%00", Marker + "\0",
        Marker + "\n\u001b[31mred", Marker + "\u202egnp",
        Marker + "'; drop table Events; --", "{" + Marker + "}", "-", "*",
        Marker + new string('a', 300), new string('a', 5000), new string('/', 5000), "🦊" + Marker, "ſ" + Marker,
        "\ufeff" + Marker,
    ];

    static int _calls;

    public static TheoryData<string> Rpcs => [.. RawCall.All.Select(r => r.FullName).Order(StringComparer.Ordinal)];

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Rpcs))]
    public async Task NonsenseInAnyName_IsNeitherAnIncidentNorRepeated(string fullName)
    {
        var rpc = RawCall.All.Single(r => r.FullName == fullName);
        var fields = rpc.InputType.Fields.InDeclarationOrder();
        foreach (var field in fields.Where(f => f is { FieldType: FieldType.String, IsRepeated: false }))
        {
            foreach (var value in Nonsense.SelectMany(n => new[] { n, Inside(n) }))
            {
                var request = (IMessage)rpc.InputType.Parser.ParseFrom(ByteString.Empty);
                field.Accessor.SetValue(request, value);
                await CheckAsync(rpc, request);
            }
        }
    }

    /// <summary>The nonsense as one part of a name that begins well.</summary>
    static string Inside(string nonsense) => $"{Northmere.Street}/submissions/{nonsense}";

    async Task CheckAsync(MethodDescriptor rpc, IMessage request)
    {
        try
        {
            // Officer and deputy in turn: each may make 200 calls a second.
            var who = _calls++ % 2 == 0 ? Northmere.PoliceOfficer : Northmere.PoliceDeputy;
            await RawCall.SendAsync(northmere.Exchange.As(who), rpc, Stop, request);
        }
        catch (RpcException e)
        {
            var problem = Problem.Of(e);
            if (problem.Reason == "QUOTA")
            {
                await Task.Delay(TimeSpan.FromSeconds(1), Stop);
                await CheckAsync(rpc, request);
                return;
            }

            var context = $"{rpc.Name}({JsonFormatter.Default.Format(request)}): {problem}";
            Assert.True(Fitting.Contains(problem.Code), context);
            Assert.False(problem.Message.Contains(Marker, StringComparison.Ordinal), context);
        }
    }

    [Fact]
    public async Task NonsenseInPartsOfGoodNames_DoesNotReachTheLog()
    {
        var before = northmere.Catalogue.Events();
        foreach (var nonsense in Nonsense.Where(n => n.Contains(Marker, StringComparison.Ordinal)))
        {
            await RefusedAsync($"{Northmere.Street}/submissions/{nonsense}");
            await RefusedAsync($"agreements/{nonsense}/parties/northmere-police/datasets/police/submissions/1");
            await RefusedAsync($"{Northmere.Police}/datasets/{nonsense}/submissions/1");
        }

        Assert.Equal(0, northmere.Catalogue.Scalar(
            "select count(*) from Events where Sequence > $before and Json like '%planted%'", ("$before", before)));
        Assert.DoesNotContain("planted", northmere.Exchange.Log, StringComparison.Ordinal);
    }

    async Task RefusedAsync(string name)
    {
        var submissions = northmere.Submissions(Northmere.PoliceOfficer);
        var problem = await Problem.OfAsync(async () =>
            await submissions.GetSubmissionAsync(new GetSubmissionRequest { Name = name }, cancellationToken: Stop));
        Assert.Equal("NotFound NOT_FOUND", problem.ToString());
        Assert.DoesNotContain(Marker, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../../../keys/log.skey")]
    [InlineData("/etc/passwd")]
    [InlineData("area-by-type.csv\0")]
    [InlineData("AREA-BY-TYPE.CSV")]
    public async Task FileOutsideTheRelease_DoesNotExist(string file)
    {
        var slot = northmere.NextSlot();
        await northmere.Police.SubmitAsync(northmere.Police.Request(slot), slot.Table());
        var release = await northmere.Feeds(Northmere.Steward).PublishReleaseAsync(
            new PublishReleaseRequest { Parent = Northmere.StreetFeed, Period = slot.Month }, cancellationToken: Stop);
        var problem = await Problem.OfAsync(async () =>
        {
            using var call = northmere.Feeds(Northmere.PoliceOfficer).ReadReleaseFile(
                new ReadReleaseFileRequest { Name = release.Name, File = file, Purpose = "problem-solving" },
                cancellationToken: Stop);
            await call.ResponseStream.MoveNext(Stop);
        });
        Assert.Equal("NotFound NOT_FOUND", problem.ToString());
    }

    public static TheoryData<int, int, int, int, int, int> BadPeriods => new()
    {
        { 0, 0, 0, 0, 0, 0 }, { 2024, 4, 1, 2024, 4, 1 }, { 2024, 5, 1, 2024, 4, 1 }, { 2024, 2, 30, 2024, 5, 1 },
        { 2024, 13, 1, 2024, 14, 1 }, { -1, 1, 1, 2024, 1, 1 }, { 2024, 4, 1, int.MaxValue, 1, 1 },
        { 9999, 12, 1, 9999, 12, 31 },
    };

    [Theory]
    [MemberData(nameof(BadPeriods))]
    public async Task PeriodThatIsNone_IsInvalid(int y1, int m1, int d1, int y2, int m2, int d2)
    {
        var period = new Period
        {
            StartDate = new Google.Type.Date { Year = y1, Month = m1, Day = d1 },
            EndDateExclusive = new Google.Type.Date { Year = y2, Month = m2, Day = d2 },
        };
        var create = await Problem.OfAsync(() =>
            northmere.Police.CreateAsync(northmere.Police.Request(period, "X22000001")));
        Assert.Equal("InvalidArgument PERIOD_INVALID", create.ToString());
        var publish = new PublishReleaseRequest { Parent = Northmere.StreetFeed, Period = period };
        var published = await Problem.OfAsync(async () =>
            await northmere.Feeds(Northmere.Steward).PublishReleaseAsync(publish, cancellationToken: Stop));
        Assert.Equal("InvalidArgument PERIOD_INVALID", published.ToString());
    }

    [Fact]
    public async Task LongWords_AreRefusedInAFewOfOurs()
    {
        var request = northmere.Police.Request(Slot.Unused);
        (request.Submission.ContentKind, request.Submission.NilReturnReason) =
            (ContentKind.NilReturn, new string('x', 100_000));
        await Problem.IsAsync("InvalidArgument REASON_TOO_LONG", () => northmere.Police.CreateAsync(request));
        var explain = new ExplainViolationGroupRequest
        {
            Name = Northmere.Street + "/submissions/1/violationGroups/X401", Explanation = new string('x', 100_000),
        };
        var problem = await Problem.OfAsync(async () => await northmere.Submissions(Northmere.PoliceOfficer)
            .ExplainViolationGroupAsync(explain, cancellationToken: Stop));
        Assert.Equal("InvalidArgument EXPLANATION_LENGTH", problem.ToString());
    }
}
