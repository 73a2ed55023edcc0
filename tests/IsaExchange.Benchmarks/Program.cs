using IsaExchange.Benchmarks;
using IsaExchange.Benchmarks.Peers;
using IsaExchange.ServiceTests.Harness.Production;

// Beside the program that measures, this one is also what it measures against: a service and its client.
switch (args)
{
    case [PeerProcess.ServiceVerb, .. var rest]:
        return await PeerService.RunAsync(rest);
    case [PeerProcess.ClientVerb, var address, var file, var authority]:
        return await PeerClient.RunAsync(new Uri(address), file, authority);
    case [StartWorkload.HelloVerb]:
        Console.WriteLine("hello");
        return 0;
    case [.. var any] when any.Contains("--help", StringComparer.Ordinal):
        Console.WriteLine(Order.Usage);
        return 0;
}

try
{
    var order = Order.Parse(args);
    Console.WriteLine(await Measuring.RunAsync(order));
    return 0;
}
catch (BenchmarkFaultException fault)
{
    await Console.Error.WriteLineAsync(fault.Message);
    return fault.IsUsage ? 2 : 1;
}
finally
{
    if (ProductionParts.IsStarted)
        await (await ProductionParts.StartedAsync()).DisposeAsync();
}
