using System.Security.Cryptography;
using IsaExchange.Exchange.Sealing;
using IsaExchange.Service.Adapters.Vault;
using IsaExchange.ServiceTests.Faults;
using IsaExchange.ServiceTests.Objects;
using Xunit;

namespace IsaExchange.ServiceTests.Vault;

/// <summary>Calls to the vault that fail, and calls of which nobody knows whether they failed; with counters.</summary>
public sealed class VaultCallFaultTests(ITestOutputHelper output) : IAsyncLifetime
{
    static readonly bool IsFull = Environment.GetEnvironmentVariable("ISAX_FULL") == "1";

    readonly int _seed = Strike.Seed();
    readonly byte[] _key = RandomNumberGenerator.GetBytes(16);
    VaultStage _stage = null!;
    VaultKeyRing _ring = null!;
    HttpFaults _faults = null!;
    int _names;
    int _askedAgain;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _stage = await VaultStage.StartAsync();
        _ring = _stage.Ring(
            terms: VaultStage.Quick with { RetryFirst = TimeSpan.FromMilliseconds(1) },
            between: inner => _faults = new HttpFaults(inner));
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task ErrorsOnAnyCall_AreBoundedAndMakeNoVersionTwice()
    {
        await LiveAsync();
        _faults.Reset();
        await LiveAsync();
        var ideal = _faults.Requests;
        var (lives, made, injected) = (0, 0, 0);
        var time = CampaignTime.Begin();
        for (var call = 1; call <= ideal && !time.IsOver; call += IsFull ? 1 : 4)
        {
            foreach (var (fault, times) in Refusals(call))
            {
                _faults.Reset();
                var (from, upTo) = (call, call + times);
                _faults.Choose = (n, _) => n >= from && n < upTo ? fault : HttpFault.None;
                await LiveAsync();
                (lives, made, injected) = (lives + 1, made + _faults.Requests, injected + _faults.Injected);

                // What is not repeated is looked at; what did not happen, its caller asks for again. The dearest is a
                // deletion: two calls to look for it, then list, look and delete again.
                Assert.InRange(_faults.Requests, 1, ideal + (5 * _faults.Injected));
            }
        }

        output.WriteLine(
            $"{lives} lives of a key: {made} calls, {lives * ideal} ideal, {injected} failed, {_askedAgain} acts asked"
            + " for again by their caller, 0 versions doubled");
    }

    static IEnumerable<(HttpFault Fault, int Times)> Refusals(int call)
    {
        HttpFault[] faults = [HttpFault.Error503, HttpFault.Error429, HttpFault.NeverSent];
        return IsFull
            ? faults.SelectMany(f => Enumerable.Range(1, VaultStage.Quick.Retries).Select(times => (f, times)))
            : [(faults[call / 4 % faults.Length], 1)];
    }

    [Fact]
    public async Task AnswersLostAfterTheWorkWasDone_OpenTheSameAndMakeNoVersionTwice()
    {
        var (lives, wanted, lost, inARow) = (0, IsFull ? 2_000 : 30, 0, 0);
        var random = new Random(_seed);
        _faults.Choose = (_, request) =>
        {
            var isHit = request.Method != HttpMethod.Get && request.Headers.Authorization is not null
                && inARow < VaultStage.Quick.Retries - 1 && random.Next(2) == 0;
            (inARow, lost) = isHit ? (inARow + 1, lost + 1) : (0, lost);
            return !isHit ? HttpFault.None : random.Next(2) == 0 ? HttpFault.AnswerLost : HttpFault.DoneButError500;
        };
        for (; lost < wanted; lives++)
            await LiveAsync(uses: IsFull ? 25 : 3);
        output.WriteLine(
            $"seed {_seed}: {lost} answers lost in {lives} lives of a key, {_askedAgain} acts asked for again by their"
            + " caller, 0 lost, 0 versions doubled");
    }

    /// <summary>
    /// Made, used, rotated, used with both versions, the old one retired, all destroyed. What a caller is refused it
    /// asks for again, as the passes of the service do.
    /// </summary>
    async Task LiveAsync(int uses = 1)
    {
        var name = $"northmere.northmere-police.until-{2100 + _names++}";
        var inVault = name.Replace(".", "--", StringComparison.Ordinal);
        var first = await AgainAsync(() => VaultStage.WrapAsync(_ring, name, _key, Ct));
        for (var use = 0; use < uses; use++)
            Assert.Equal(_key, await AgainAsync(() => VaultStage.UnwrapAsync(_ring, first, Ct)));
        var made = await AgainAsync(() => _ring.RotateAsync(name, first.KeyId, Ct));
        for (var use = 0; use < uses; use++)
        {
            var second = await AgainAsync(() => VaultStage.WrapAsync(_ring, name, _key, Ct));
            Assert.Equal(made.KeyId, second.KeyId);
            Assert.Equal(_key, await AgainAsync(() => VaultStage.UnwrapAsync(_ring, second, Ct)));
        }

        Assert.Equal(_key, await AgainAsync(() => VaultStage.UnwrapAsync(_ring, first, Ct)));
        Assert.Equal([first.KeyId, made.KeyId], _stage.Vault.Kids(inVault));
        await AgainAsync(async () =>
        {
            await _ring.RetireAsync(first.KeyId, Ct);
            return true;
        });
        Assert.Equal(
            [false, true], (await AgainAsync(() => _ring.VersionsAsync(name, Ct))).Select(v => v.IsEnabled));
        Assert.NotNull((await AgainAsync(() => _ring.DestroyAsync(name, Ct))).Effective);
        Assert.DoesNotContain(inVault, _stage.Vault.Names);
    }

    async Task<T> AgainAsync<T>(Func<Task<T>> act)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return await act();
            }
            catch (KeyUnavailableException) when (tries < 5)
            {
                _askedAgain++;
            }
        }
    }
}
