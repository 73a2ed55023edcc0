using System.Text;
using System.Text.RegularExpressions;
using Google.Rpc;
using Grpc.Core;
using Xunit;

namespace IsaExchange.ServiceTests.Harness;

/// <summary>
/// A call that ended with a status of ours. Reading one also checks its form, so that every refusal in every test holds
/// what is promised of all of them.
/// </summary>
public sealed partial record Problem(
    StatusCode Code, string Reason, string Message, IReadOnlyDictionary<string, string> Details, byte[] Status)
{
    const int StatusBytesMax = 4096;
    const string DetailsTrailer = "grpc-status-details-bin";

    public string this[string detail] => Details.GetValueOrDefault(detail, "");

    /// <summary>Code and reason, as tables of tests have them.</summary>
    public override string ToString() => $"{Code} {Reason}";

    public static async Task<Problem> OfAsync(Func<Task> call) => Of(await Assert.ThrowsAsync<RpcException>(call));

    /// <summary>Fails unless the call ends with this code and reason.</summary>
    public static async Task<Problem> IsAsync(string expected, Func<Task> call)
    {
        var problem = await OfAsync(call);
        Assert.Equal(expected, problem.ToString());
        return problem;
    }

    public static Problem Of(RpcException e)
    {
        var bytes = e.Trailers.GetValueBytes(DetailsTrailer);
        Assert.True(bytes is not null, $"{e.StatusCode} ({e.Status.Detail}) came without its details");
        Assert.InRange(bytes.Length, 1, StatusBytesMax);
        var status = Google.Rpc.Status.Parser.ParseFrom(bytes);
        Assert.Equal((int)e.StatusCode, status.Code);
        Assert.Equal(e.Status.Detail, status.Message);
        Assert.True(status.Details.Count >= 2, $"{e.StatusCode} has {status.Details.Count} details");
        Assert.True(status.Details[0].TryUnpack<ErrorInfo>(out var said), "ErrorInfo is not the first detail");
        Assert.Equal("isaexchange", said.Domain);
        Assert.Matches(UpperSnake(), said.Reason);
        var sentence = status.GetDetail<LocalizedMessage>();
        Assert.NotNull(sentence);
        Assert.Equal(("en-GB", status.Message), (sentence.Locale, sentence.Message));
        Assert.All(status.Message, c => Assert.False(char.IsControl(c), "a control character in a message"));
        return new Problem(
            e.StatusCode, said.Reason, status.Message,
            said.Metadata.ToDictionary(d => d.Key, d => d.Value, StringComparer.Ordinal), bytes);
    }

    /// <summary>The status with the name asked for taken out: what two refusals may not differ in.</summary>
    public string StatusWithout(string name) =>
        Encoding.Latin1.GetString(Status).Replace(name, new string('*', name.Length), StringComparison.Ordinal);

    [GeneratedRegex("^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$")]
    private static partial Regex UpperSnake();
}
