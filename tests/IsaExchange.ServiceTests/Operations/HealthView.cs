using Grpc.Health.V1;
using IsaExchange.ServiceTests.Harness;
using Xunit;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace IsaExchange.ServiceTests.Operations;

/// <summary>What the exchange says of itself and of what it depends on, to whoever asks.</summary>
sealed class HealthView(TestExchange exchange)
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async Task<ServingStatus> OfAsync(string service)
    {
        using var channel = exchange.Connect(certificate: null);
        return (await new Health.HealthClient(channel).CheckAsync(
            new HealthCheckRequest { Service = service }, Uploads.Options(Stop))).Status;
    }

    public async Task BecomesAsync(string service, ServingStatus wanted)
    {
        for (var tries = 0; await OfAsync(service) != wanted; tries++)
        {
            Assert.True(tries < 300, $"{service} is not {wanted} after half a minute.");
            await Task.Delay(100, Stop);
        }
    }
}
