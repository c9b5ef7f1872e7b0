using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace WatchReload.Control;

/// <summary>Talks to the process that listens for a group (<see cref="GroupServer"/>). It needs nothing but the socket's path: no state directory, no cookie.</summary>
/// <remarks>All methods throw <see cref="PipeException"/> for what the other side or the connection causes, <see cref="StateException"/> for a socket that cannot be trusted, or that this user may not use.</remarks>
public sealed class GroupClient : IDisposable
{
    private readonly PipeTransport _transport;

    /// <param name="socket">Absolute path.</param>
    /// <param name="options">How long to wait.</param>
    public GroupClient(string socket, PipeClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(socket);
        var within = options ?? new PipeClientOptions();
        _transport = new PipeTransport(socket, cancellation => GroupConnector.Connect(socket, within.ConnectTimeout, cancellation), within);
    }

    /// <summary>An answer as text.</summary>
    public async Task<string> GetText(string target, CancellationToken cancellation = default)
    {
        using var answer = await _transport.Send(new HttpRequestMessage(HttpMethod.Get, PipeTransport.Uri(target)), HttpCompletionOption.ResponseContentRead, cancellation);
        return await answer.Content.ReadAsStringAsync(cancellation);
    }

    /// <summary>An answer that comes in lines. The deadline is for its headers, not for the lines.</summary>
    public Task<PipeLines<TLine>> GetLines<TLine>(string target, JsonTypeInfo<TLine> lineType, CancellationToken cancellation = default) =>
        _transport.SendForLines(new HttpRequestMessage(HttpMethod.Get, PipeTransport.Uri(target)), lineType, cancellation);

    /// <summary>The same, of what is asked for by an object.</summary>
    public Task<PipeLines<TLine>> PostLines<TBody, TLine>(string target, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TLine> lineType, CancellationToken cancellation = default) =>
        Post(target, new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, bodyType)), "application/json", lineType, cancellation);

    /// <summary>The same, of what is sent as it comes. The deadline is for all of it, and the headers of the answer. It is not sent when the other side refuses at once.</summary>
    public Task<PipeLines<TLine>> PostLines<TLine>(string target, Stream body, JsonTypeInfo<TLine> lineType, CancellationToken cancellation = default) =>
        Post(target, new StreamContent(body), "application/octet-stream", lineType, cancellation, lookFirst: true);

    /// <summary>Closes the connections; what is still being read from them is cut off.</summary>
    public void Dispose() => _transport.Dispose();

    private Task<PipeLines<TLine>> Post<TLine>(string target, HttpContent content, string contentType, JsonTypeInfo<TLine> lineType, CancellationToken cancellation, bool lookFirst = false)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, PipeTransport.Uri(target)) { Content = content };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        request.Headers.ExpectContinue = lookFirst;
        return _transport.SendForLines(request, lineType, cancellation);
    }
}
