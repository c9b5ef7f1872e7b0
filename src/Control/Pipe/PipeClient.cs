using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace WatchReload.Control;

/// <summary>
/// Talks to the process that listens under a name in a state directory, whichever process that is at the time: each new connection
/// goes by the rendezvous file. Safe for several threads.
/// </summary>
/// <remarks>
/// All methods throw <see cref="PipeException"/> for what the other side or the connection causes, <see cref="StateException"/> for a state
/// directory that cannot be trusted. Targets are path and query, with the version: <c>/v1/status</c>.
/// </remarks>
public sealed class PipeClient(StateDirectory state, string name, PipeClientOptions? options = null) : IDisposable
{
    private readonly PipeTransport _transport = Transport(state, name, options ?? new PipeClientOptions());

    public async Task<T> Get<T>(string target, JsonTypeInfo<T> type, CancellationToken cancellation = default)
    {
        using var answer = await Get(target, cancellation);
        return await _transport.ReadJson(answer, type, cancellation);
    }

    public async Task<string> GetText(string target, CancellationToken cancellation = default)
    {
        using var answer = await Get(target, cancellation);
        return await answer.Content.ReadAsStringAsync(cancellation);
    }

    /// <summary>An answer that comes in lines. The deadline is for its headers, not for the lines.</summary>
    public Task<PipeLines<TLine>> GetLines<TLine>(string target, JsonTypeInfo<TLine> lineType, CancellationToken cancellation = default) =>
        _transport.SendForLines(new HttpRequestMessage(HttpMethod.Get, PipeTransport.Uri(target)), lineType, cancellation);

    /// <summary>Commands, with a proof by the cookie; neither body nor answer.</summary>
    public async Task Post(string target, CancellationToken cancellation = default)
    {
        using var answer = await SendProved(target, [], cancellation);
    }

    /// <summary>Commands, with a proof by the cookie.</summary>
    public async Task<TAnswer> Post<TBody, TAnswer>(string target, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellation = default)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, bodyType);
        using var answer = await SendProved(target, bytes, cancellation);
        return await _transport.ReadJson(answer, answerType, cancellation);
    }

    /// <summary>Commands, with a proof by the cookie; the answer comes in lines. The deadline is for its headers, not for the lines.</summary>
    public async Task<PipeLines<TLine>> PostLines<TBody, TLine>(string target, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TLine> lineType, CancellationToken cancellation = default)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, bodyType);
        return await _transport.SendForLines(await Proved(target, bytes, cancellation), lineType, cancellation);
    }

    /// <summary>Closes the connections; what is still being read from them is cut off.</summary>
    public void Dispose() => _transport.Dispose();

    private Task<HttpResponseMessage> Get(string target, CancellationToken cancellation) =>
        _transport.Send(new HttpRequestMessage(HttpMethod.Get, PipeTransport.Uri(target)), HttpCompletionOption.ResponseContentRead, cancellation);

    private async Task<HttpResponseMessage> SendProved(string target, byte[] body, CancellationToken cancellation) =>
        await _transport.Send(await Proved(target, body, cancellation), HttpCompletionOption.ResponseContentRead, cancellation);

    private async Task<HttpRequestMessage> Proved(string target, byte[] body, CancellationToken cancellation)
    {
        var nonce = await Get(PipeRoutes.Nonce, PipeJson.Default.NonceAnswer, cancellation);
        var uri = PipeTransport.Uri(target);
        var proof = RequestProof.Make(Cookie.Load(state), nonce.Nonce, HttpMethod.Post.Method, uri.PathAndQuery, body);
        var request = new HttpRequestMessage(HttpMethod.Post, uri) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Authorization = new AuthenticationHeaderValue(RequestProof.Scheme, proof.Parameter);
        return request;
    }

    private static PipeTransport Transport(StateDirectory state, string name, PipeClientOptions options) =>
        new(name, cancellation => PipeConnector.Connect(state, name, options, cancellation), options);
}
