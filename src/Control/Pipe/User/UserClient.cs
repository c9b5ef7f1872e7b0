using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace WatchReload.Control;

/// <summary>Talks to a process of another user that listens for this one (<see cref="UserServer"/>), if it is really that user's.</summary>
/// <remarks>All methods throw <see cref="PipeException"/> for what the other side or the connection causes, <see cref="StateException"/> when somebody else listens there: then nothing was sent.</remarks>
public sealed class UserClient : IDisposable
{
    /// <summary>In bytes, of one that comes in lines. The other side has its own mind, and this one's memory is not its to fill.</summary>
    private const long LongestAnswer = 64L << 20;

    /// <summary>In bytes, of one that does not.</summary>
    private const long LongestShortAnswer = 1 << 20;

    private readonly PipeTransport _transport;

    /// <param name="socket">Absolute path.</param>
    /// <param name="owner">Id of the user whose process must listen there.</param>
    /// <param name="options">How long to wait.</param>
    public UserClient(string socket, long owner, PipeClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(socket);
        var within = options ?? new PipeClientOptions();
        _transport = new PipeTransport(socket, cancellation => Connect(socket, owner, within.ConnectTimeout, cancellation), within, LongestShortAnswer);
    }

    public async Task<T> Get<T>(string target, JsonTypeInfo<T> type, CancellationToken cancellation = default)
    {
        using var answer = await _transport.Send(new HttpRequestMessage(HttpMethod.Get, PipeTransport.Uri(target)), HttpCompletionOption.ResponseContentRead, cancellation);
        return await _transport.ReadJson(answer, type, cancellation);
    }

    /// <summary>Commands; neither body nor answer.</summary>
    public async Task Post(string target, CancellationToken cancellation = default)
    {
        using var answer = await _transport.Send(new HttpRequestMessage(HttpMethod.Post, PipeTransport.Uri(target)), HttpCompletionOption.ResponseContentRead, cancellation);
    }

    /// <summary>Commands; the answer comes in lines. The deadline is for its headers, not for the lines.</summary>
    public Task<PipeLines<TLine>> PostLines<TBody, TLine>(string target, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TLine> lineType, CancellationToken cancellation = default)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, PipeTransport.Uri(target)) { Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, bodyType)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return _transport.SendForLines(request, lineType, cancellation, LongestAnswer);
    }

    /// <summary>Closes the connections; what is still being read from them is cut off.</summary>
    public void Dispose() => _transport.Dispose();

    private static async ValueTask<Stream> Connect(string path, long owner, TimeSpan within, CancellationToken cancellation)
    {
        if (!OperatingSystem.IsLinux())
            throw new StateException("A socket for another user is there on Linux only.", "Leave build.user out.");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(within);
        Socket? socket = null;
        try
        {
            socket = await QueuedConnect.To(path, deadline.Token);
            if (PeerCredentials.Of(socket).UserId is var server && server != owner)
                throw new StateException($"{Accounts.UserName(server)} listens at {path}, where {Accounts.UserName((uint)owner)} is expected.", "Find out who that is; nothing was sent.");
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception e)
        {
            socket?.Dispose();
            throw e switch
            {
                SocketException => new PipeException(PipeFailure.NobodyListens, $"Nobody listens at {path}: {e.Message}.", "Its process may have ended, or another have taken the place; the next one makes the socket anew.", e),
                OperationCanceledException when !cancellation.IsCancellationRequested => new PipeException(
                    PipeFailure.TimedOut, $"{path} did not take the connection within {within.TotalSeconds:0.#} s.", "Its process may be stopped or overloaded; look at its log.", e),
                _ => e,
            };
        }
    }
}
