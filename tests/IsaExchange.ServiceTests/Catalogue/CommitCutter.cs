using System.Net;
using System.Net.Sockets;

namespace IsaExchange.ServiceTests.Catalogue;

/// <summary>Where the connection breaks, seen from a COMMIT.</summary>
public enum Cut
{
    /// <summary>The server never hears of it.</summary>
    BeforeIt,

    /// <summary>The server may have heard of it.</summary>
    WithIt,

    /// <summary>The server has answered; nobody hears the answer.</summary>
    AfterTheAnswer,
}

/// <summary>A way to the server that breaks when told so, once: at the next COMMIT, or at a message told by its
/// number.</summary>
public sealed class CommitCutter : IAsyncDisposable
{
    static readonly byte[] Commit = [.. "COMMIT\0"u8];

    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _over = new();
    readonly Task _accepting;
    readonly int _server;
    Cut? _armed;
    int _at;
    int _messages;
    int _cuts;

    public CommitCutter(int server)
    {
        _server = server;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How often it has broken.</summary>
    public int Cuts => Volatile.Read(ref _cuts);

    /// <summary>What programs have sent since it was armed, in messages; each waits for its answer.</summary>
    public int Messages => Volatile.Read(ref _messages);

    public void Arm(Cut cut) => Arm(cut, at: 0);

    /// <summary>At the message of this number, counted from 1 and from now; 0 for the next COMMIT, -1 for
    /// none.</summary>
    public void Arm(Cut cut, int at)
    {
        lock (_listener)
            (_armed, _at, _messages) = (at < 0 ? null : cut, at, 0);
    }

    async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = PassAsync(await _listener.AcceptTcpClientAsync(_over.Token));
        }
        catch (OperationCanceledException)
        {
            // Over.
        }
    }

    async Task PassAsync(TcpClient client)
    {
        using var server = new TcpClient { NoDelay = true };
        using (client)
        {
            client.NoDelay = true;
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _server, _over.Token);
                var silent = new TaskCompletionSource();
                var back = AnswersAsync(server.GetStream(), client.GetStream(), silent);
                await Task.WhenAny(AsksAsync(client.GetStream(), server.GetStream(), back, silent), back);
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
            {
                // A connection that ends, ends.
            }
        }
    }

    async Task AsksAsync(NetworkStream from, NetworkStream to, Task answers, TaskCompletionSource silent)
    {
        var buffer = new byte[64 << 10];
        while (await from.ReadAsync(buffer, _over.Token) is > 0 and var read)
        {
            var cut = Take(isCommit: buffer.AsSpan(0, read).IndexOf(Commit) >= 0);
            if (cut == Cut.BeforeIt)
                return;
            if (cut == Cut.AfterTheAnswer)
                silent.SetResult();
            await to.WriteAsync(buffer.AsMemory(0, read), _over.Token);
            if (cut == Cut.WithIt)
                return;
            if (cut == Cut.AfterTheAnswer)
            {
                await answers;
                return;
            }
        }
    }

    async Task AnswersAsync(NetworkStream from, NetworkStream to, TaskCompletionSource silent)
    {
        var buffer = new byte[64 << 10];
        while (await from.ReadAsync(buffer, _over.Token) is > 0 and var read)
        {
            if (silent.Task.IsCompleted)
                return;
            await to.WriteAsync(buffer.AsMemory(0, read), _over.Token);
        }
    }

    Cut? Take(bool isCommit)
    {
        lock (_listener)
        {
            _messages++;
            if (_at == 0 ? !isCommit : _messages != _at)
                return null;
            var cut = _armed;
            _armed = null;
            if (cut is not null)
                _cuts++;
            return cut;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _over.Dispose();
    }
}
