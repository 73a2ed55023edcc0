using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using IsaExchange.V1;

namespace IsaExchange.ServiceTests.Harness;

/// <summary>Calls any RPC by its descriptor: on the wire all four shapes are alike.</summary>
public static class RawCall
{
    static readonly Marshaller<byte[]> Bytes = Marshallers.Create(static b => b, static b => b);

    /// <summary>Every RPC of every service of the contract.</summary>
    public static IReadOnlyList<MethodDescriptor> All { get; } =
    [
        .. typeof(SubmissionService).Assembly.GetTypes()
            .Where(t => t.Name.EndsWith("Reflection", StringComparison.Ordinal))
            .Select(t => t.GetProperty("Descriptor")?.GetValue(null)).OfType<FileDescriptor>()
            .SelectMany(f => f.Services).SelectMany(s => s.Methods),
    ];

    /// <summary>Sends the messages and reads every answer.</summary>
    public static Task<IReadOnlyList<byte[]>> SendAsync(
        CallInvoker invoker, MethodDescriptor rpc, CancellationToken ct, params IEnumerable<IMessage> messages) =>
        SendAsync(
            invoker, rpc.Service.FullName, rpc.Name, new CallOptions(cancellationToken: ct),
            messages.Select(m => m.ToByteArray()));

    public static async Task<IReadOnlyList<byte[]>> SendAsync(
        CallInvoker invoker, string service, string rpc, CallOptions options, params IEnumerable<byte[]> messages)
    {
        var method = new Method<byte[], byte[]>(MethodType.DuplexStreaming, service, rpc, Bytes, Bytes);
        using var call = invoker.AsyncDuplexStreamingCall(method, null, options);
        foreach (var message in messages)
            await call.RequestStream.WriteAsync(message, options.CancellationToken);
        await call.RequestStream.CompleteAsync();
        var answers = new List<byte[]>();
        while (await call.ResponseStream.MoveNext(options.CancellationToken))
            answers.Add(call.ResponseStream.Current);
        return answers;
    }
}
