using Grpc.Core;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Wire;

/// <summary>
/// The exchange of the upload tests. A stream falls silent when it starts, so that nobody waits for its
/// end.
/// </summary>
public sealed class WireExchange : NorthmereExchange
{
    AsyncClientStreamingCall<WriteContentRequest, WriteContentResponse>? _silent;

    /// <summary>The submission whose stream says nothing after its first message.</summary>
    public string SilentUpload { get; private set; } = "";

    public Task<WriteContentResponse> SilentAnswer =>
        _silent?.ResponseAsync ?? throw new InvalidOperationException("The exchange has not been started.");

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();

        // Of another party than the other tests, whose uploads it must not count among.
        var west = new WireSender(Submissions(Northmere.WestSender), Northmere.WestAdmissions);
        var period = Northmere.Quarter(2024, 4);
        var content = Northmere.AdmissionsTable(period, ("X22000001", "F10", 4000));
        SilentUpload = (await west.Submissions.CreateSubmissionAsync(
            west.Request(period, "X22000001", "X22000002"))).Name;
        _silent = west.Submissions.WriteContent();
        await _silent.RequestStream.WriteAsync(WireSender.Message(SilentUpload, content, 0, 100_000));
    }
}

/// <summary>The classes of one collection share an exchange and run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class WireTogether : ICollectionFixture<WireExchange>
{
    public const string Name = "wire";
}
