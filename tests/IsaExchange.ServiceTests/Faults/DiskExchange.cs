using System.Security.Cryptography;
using Grpc.Core;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Faults;

/// <summary>How one submission fared while the disk was bad.</summary>
sealed record DiskStory(string RequestId, Slot Slot, byte[] Content)
{
    public string Name { get; set; } = "";

    /// <summary>Calls that did not get their result.</summary>
    public List<RpcException> Refused { get; } = [];

    public Receipt? Receipt { get; set; }
}

/// <summary>An exchange whose storage is made to fail, and submissions told from create to receipt.</summary>
sealed class DiskExchange(TestExchange exchange) : IAsyncDisposable
{
    readonly List<DiskStory> _stories = [];

    public TestExchange Exchange { get; } = exchange;

    public string ObjectsFolder => Path.Combine(Exchange.Home, "objects");

    /// <summary>Calls that did not get their result, of all stories.</summary>
    public IReadOnlyList<RpcException> Refusals => [.. _stories.SelectMany(s => s.Refused)];

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    SubmissionService.SubmissionServiceClient Submissions => new(Exchange.As(Northmere.PoliceSender));

    /// <summary>A submission for a month and area that no other one of this exchange is for.</summary>
    public DiskStory NewStory(int records)
    {
        var index = _stories.Count;
        var month = Northmere.Months(NorthmerePolicies.FirstMonth.AddMonths(index / Northmere.Areas.Count), 1);
        var slot = new Slot(month, Northmere.Areas[index % Northmere.Areas.Count]);
        var story = new DiskStory(Guid.NewGuid().ToString("D"), slot, slot.Table(records));
        _stories.Add(story);
        return story;
    }

    /// <summary>Tells it once, as far as it goes; repeated, it goes on where it is.</summary>
    public async Task TellAsync(DiskStory story)
    {
        try
        {
            var sender = new WireSender(Submissions, Northmere.Street);
            var request = sender.Request(story.Slot);
            request.RequestId = story.RequestId;
            var created = await sender.CreateAsync(request);
            story.Name = created.Name;
            if (created.State is Submission.Types.State.Open or Submission.Types.State.Validating)
            {
                var status = await sender.StatusAsync(created.Name);
                if (!status.Complete)
                    await FinishAsync(sender, story, status.PersistedSize);
            }

            story.Receipt = (await sender.SubmitAsync(created.Name)).Receipt;
        }
        catch (RpcException e)
        {
            story.Refused.Add(e);
        }
    }

    /// <summary>What was acknowledged can still be asked for.</summary>
    public async Task ReadAsync(DiskStory story) =>
        Assert.Equal(story.Receipt!.EventId, (await Submissions.GetSubmissionAsync(
            new GetSubmissionRequest { Name = story.Name }, Uploads.Options(Stop))).Receipt.EventId);

    static Task<WriteContentResponse> FinishAsync(WireSender sender, DiskStory story, long from)
    {
        const int MessageBytes = 256 << 10;
        var messages = new List<WriteContentRequest>();
        for (var at = (int)from; at < story.Content.Length; at += MessageBytes)
            messages.Add(WireSender.Message(
                story.Name, story.Content, at, Math.Min(MessageBytes, story.Content.Length - at)));
        messages.Add(Uploads.End(story.Name, story.Content.Length, SHA256.HashData(story.Content)));
        return sender.WriteAsync(messages);
    }

    /// <summary>The disk is well again: everything comes to its end, is there once, and holds against the
    /// log.</summary>
    public async Task CheckAsync()
    {
        foreach (var story in _stories)
        {
            for (var tries = 0; story.Receipt is null && tries < 5; tries++)
                await TellAsync(story);
            Assert.True(
                story.Receipt is not null,
                $"{story.Name}: {string.Join(" | ", story.Refused.Select(r => r.Status.Detail))}");
        }

        var listed = await Submissions.ListSubmissionsAsync(
            new ListSubmissionsRequest { Parent = Northmere.Street, PageSize = 1000 }, Uploads.Options(Stop));
        Assert.Equal(_stories.Count, listed.Submissions.Count);
        await Exchange.StopAsync();
        var ran = await Exchange.RunServiceAsync("fsck", "--home", Exchange.Home);
        Assert.True(ran.ExitCode == 0, ran.ToString());
        Assert.EndsWith("SOUND", ran.LastLine, StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => Exchange.DisposeAsync();
}
