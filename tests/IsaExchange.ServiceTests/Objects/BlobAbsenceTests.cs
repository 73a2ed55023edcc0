using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using IsaExchange.Exchange.Storage;
using IsaExchange.Service.Adapters.Blobs;
using IsaExchange.ServiceTests.Faults;
using Xunit;

namespace IsaExchange.ServiceTests.Objects;

/// <summary>What is not there, or is in other hands, and where things lie.</summary>
public sealed class BlobAbsenceTests
{
    static readonly byte[] Header = "header"u8.ToArray();

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ContainerThatIsMissing_IsNothingThereAndIsMadeAgainToWrite()
    {
        using var stage = await BlobFaultStage.CreateAsync();
        var name = stage.NewName();
        await stage.Account.RemoveContainersAsync();
        await Assert.ThrowsAsync<ObjectNotFoundException>(() => stage.Store.OpenAsync(name, Stop));
        Assert.Null(await stage.Store.ReadStagedAsync(name, Stop));
        Assert.Null(await stage.Store.TakeOverAsync(name, Stop));
        await Assert.ThrowsAsync<StagingNotFoundException>(() => stage.Store.PromoteAsync(name, Header, Stop));
        await stage.Store.DeleteAsync(name, Stop);
        await stage.Store.DiscardStagedAsync(name, Stop);
        Assert.Empty(await stage.Store.ListAsync("", Stop).ToListAsync(Stop));
        Assert.Empty(await stage.Store.ListAsync("datasets/northmere/police/", Stop).ToListAsync(Stop));
        await stage.Store.PutAsync(name, Header, new byte[] { 1 }, Stop);
        await (await stage.Store.OpenAsync(name, Stop)).DisposeAsync();
    }

    [Fact]
    public async Task DeletedWhileItIsRead_IsAFaultAndNotAShortRead()
    {
        using var stage = await BlobFaultStage.CreateAsync();
        var (rounds, random) = (BlobFaultStage.IsFull ? 200 : 2, new Random(BlobFaultStage.Seed));
        var content = SealedContent.Random((4 << 20) + (1 << 19));
        var (round, time) = (0, CampaignTime.Begin());
        for (; round < rounds && !time.IsOver; round++)
        {
            var name = stage.NewName();
            await SealedObjects.PutAsync(stage.Plain, name, await stage.Sealing.KekAsync(), content, Stop);
            await using var opened = await SealedObjects.OpenAsync(stage.Store, name, stage.Sealing.Ring, Stop);
            await opened.ReadExactlyAsync(new byte[random.Next(60_000)], Stop);
            if (round % 2 == 0)
                await stage.Plain.DeleteAsync(name, Stop);
            else
                await stage.Account.RemoveContainersAsync();
            var fault = await Assert.ThrowsAsync<StorageFaultException>(() => opened.CopyToAsync(Stream.Null, Stop));
            Assert.Contains(fault.ErrorName, (string[])["BlobNotFound", "ContainerNotFound"]);
            await Assert.ThrowsAsync<ObjectNotFoundException>(() => stage.Store.OpenAsync(name, Stop));
        }

        BlobFaultStage.Say($"{round} objects and containers deleted under a reader, 0 short reads");
    }

    [Fact]
    public async Task ForeignLease_IsAFaultThatNamesItAfterBoundedCalls()
    {
        using var stage = await BlobFaultStage.CreateAsync();
        var name = stage.NewName();
        await using var writer = await stage.Store.StageAsync(name, Header, Stop);
        await writer.AppendAsync(new byte[] { 1 }, Stop);
        var lease = stage.Account.Blob(name).GetBlobLeaseClient();
        await lease.AcquireAsync(TimeSpan.FromSeconds(60), cancellationToken: Stop);
        stage.Faults.Reset();
        foreach (var act in (Func<Task>[])[
            () => writer.AppendAsync(new byte[] { 2 }, Stop), () => stage.Store.PromoteAsync(name, Header, Stop),
            () => stage.Store.TakeOverAsync(name, Stop), () => stage.Store.DiscardStagedAsync(name, Stop)])
        {
            var fault = await Assert.ThrowsAsync<StorageFaultException>(act);
            Assert.StartsWith("LeaseId", fault.ErrorName, StringComparison.Ordinal);
        }

        Assert.InRange(stage.Faults.Requests, 4, 20);
        await (await stage.Store.ReadStagedAsync(name, Stop))!.DisposeAsync();
        await lease.ReleaseAsync(cancellationToken: Stop);
        await stage.Store.PromoteAsync(name, Header, Stop);
    }

    [Fact]
    public async Task BlobCopiedHereByOtherMeans_IsReadAndKeepsItsHeader()
    {
        using var stage = await BlobFaultStage.CreateAsync();
        var name = stage.NewName();
        await stage.Store.PutAsync(name, Header, new byte[] { 1, 2 }, Stop);
        await stage.Account.WriteOverAsync(name, [.. Header, 1, 2], metadata: null, Stop);
        var fault = await Assert.ThrowsAsync<StorageFaultException>(
            () => stage.Store.ReplaceHeaderAsync(name, Header, "another"u8.ToArray(), Stop));
        Assert.Equal("FOREIGN_BLOCKS", fault.ErrorName);
        await using var stored = await stage.Store.OpenAsync(name, Stop);
        Assert.Equal(Header, stored.Header);
        Assert.Equal(2, stored.PayloadLength);
    }

    [Fact]
    public async Task RightThatIsMissing_IsAFaultThatNamesItAfterOneCall()
    {
        using var stage = await BlobFaultStage.CreateAsync();
        var name = stage.NewName();
        stage.Faults.Choose = static (_, _) => HttpFault.Refused;
        foreach (var act in (Func<Task>[])[
            () => stage.Store.OpenAsync(name, Stop), () => stage.Store.PutAsync(name, Header, Header, Stop),
            () => stage.Store.DeleteAsync(name, Stop), () => stage.Store.ProbeAsync(Stop)])
        {
            stage.Faults.Reset();
            var fault = await Assert.ThrowsAsync<StorageFaultException>(act);
            Assert.Equal("AuthorizationPermissionMismatch", fault.ErrorName);
            Assert.Contains("Storage Blob Data Contributor", fault.Message, StringComparison.Ordinal);
            Assert.Equal(1, stage.Faults.Requests);
        }
    }

    [Fact]
    public async Task StoredBlob_IsHeaderAndPayloadInAContainerOfItsPartyThatNobodyElseReads()
    {
        using var stage = await BlobFaultStage.CreateAsync();
        var name = stage.NewName();
        using var key = await stage.Sealing.StageAsync(stage.Store, name, SealedContent.Random(100_000), pieces: 3);
        var header = await stage.Sealing.HeaderAsync(name.Value, key);
        await stage.Store.PromoteAsync(name, header, Stop);
        await using var stored = await stage.Store.OpenAsync(name, Stop);
        using var payload = new MemoryStream();
        await stored.Payload.CopyToAsync(payload, Stop);
        byte[] whole = [.. header, .. payload.ToArray()];
        Assert.Equal(whole, await stage.Account.BytesAsync(name, Stop));
        var container = stage.Account.Client.GetBlobContainerClient(stage.Account.Blob(name).BlobContainerName);
        var properties = (await container.GetPropertiesAsync(cancellationToken: Stop)).Value;
        Assert.True(properties.PublicAccess is null or PublicAccessType.None);
    }

    [Fact]
    public void Containers_AreOnePerPartyWithNamesThatTheServiceTakes()
    {
        var names = new BlobNames("isax");
        string[] parties =
        [
            "northmere/police", "northmere/fire", "north/mere-police", "north.mere/police", "northmere-police/x",
            new string('a', 200) + "/" + new string('b', 200), "-/-.", "a..b/--c",
        ];
        var containers = parties.ToDictionary(
            p => p, p => names.ContainerOf(new ObjectName($"datasets/{p}/d/1.1")), StringComparer.Ordinal);
        Assert.Equal(parties.Length, containers.Values.Distinct(StringComparer.Ordinal).Count());
        foreach (var (party, container) in containers)
        {
            Assert.Equal(container, names.ContainerOf(new ObjectName($"cubes/{party}/1.1")));
            Assert.Matches("^[a-z0-9](-?[a-z0-9])+$", container);
            Assert.InRange(container.Length, 3, 63);
            Assert.True(names.IsOurs(container));
        }

        Assert.Equal("isax-exchange", names.ContainerOf(new ObjectName("releases/northmere/recorded/1/a.csv")));
        Assert.Equal("isax-exchange", names.ContainerOf(new ObjectName("datasets/x")));
        Assert.False(names.IsOurs("isax-releases"));
        Assert.False(names.IsOurs("isaxb-exchange"));
    }

    [Fact]
    public async Task Probe_AnswersWhenTheAccountDoesAndFailsWhenNot()
    {
        using var stage = await BlobFaultStage.CreateAsync();
        await stage.Store.ProbeAsync(Stop);
        stage.Faults.Choose = static (_, _) => HttpFault.NeverSent;
        await Assert.ThrowsAsync<StorageFaultException>(() => stage.Store.ProbeAsync(Stop));
    }
}
