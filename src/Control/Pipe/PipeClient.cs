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
public sealed class PipeClient : IDisposable
{
    private readonly NonceStock _nonces;
    private readonly KeptCookie _cookie;
    private readonly PipeTransport _transport;

    public PipeClient(StateDirectory state, string name, PipeClientOptions? options = null)
    {
        var within = options ?? new PipeClientOptions();
        _nonces = new NonceStock(within.Time);
        _cookie = new KeptCookie(state);
        _transport = new PipeTransport(name, cancellation => PipeConnector.Connect(state, name, within, _nonces.Connected, cancellation), within, nonces: _nonces);
    }

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
    public Task<PipeLines<TLine>> PostLines<TBody, TLine>(string target, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TLine> lineType, CancellationToken cancellation = default)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, bodyType);
        return Prove(target, bytes, request => _transport.SendForLines(request, lineType, cancellation), cancellation);
    }

    /// <summary>Has a connection and a nonce ready for the next command, where there is none: for when one is about to come.</summary>
    public async Task MakeReady(CancellationToken cancellation = default)
    {
        if (!_nonces.IsEmpty)
            return;
        var asked = _nonces.Now;
        _nonces.Keep((await Get(PipeRoutes.Nonce, PipeJson.Default.NonceAnswer, cancellation)).Nonce, asked);
    }

    /// <summary>Closes the connections; what is still being read from them is cut off.</summary>
    public void Dispose() => _transport.Dispose();

    private Task<HttpResponseMessage> Get(string target, CancellationToken cancellation) =>
        _transport.Send(new HttpRequestMessage(HttpMethod.Get, PipeTransport.Uri(target)), HttpCompletionOption.ResponseContentRead, cancellation);

    private Task<HttpResponseMessage> SendProved(string target, byte[] body, CancellationToken cancellation) =>
        Prove(target, body, request => _transport.Send(request, HttpCompletionOption.ResponseContentRead, cancellation), cancellation);

    private async Task<T> Prove<T>(string target, byte[] body, Func<HttpRequestMessage, Task<T>> send, CancellationToken cancellation)
    {
        var (request, isFresh) = await Proved(target, body, cancellation);
        try
        {
            return await send(request);
        }
        catch (PipeException e) when (e.Failure == PipeFailure.Unauthorized && !isFresh)
        {
            // By something that was kept here and no longer counts there: another process has the name, the nonce had to make room, the cookie was changed. What
            // is refused is refused before any of it is done, so it can be sent again; once.
            _cookie.Forget();
        }

        (request, _) = await Proved(target, body, cancellation);
        return await send(request);
    }

    /// <summary>The request with its proof, and whether nothing was taken for it that had been kept.</summary>
    private async Task<(HttpRequestMessage Request, bool IsFresh)> Proved(string target, byte[] body, CancellationToken cancellation)
    {
        var kept = _nonces.TryTake();
        var nonce = kept ?? (await Get(PipeRoutes.Nonce, PipeJson.Default.NonceAnswer, cancellation)).Nonce;
        var cookie = _cookie.Get(out var wasKept);
        var uri = PipeTransport.Uri(target);
        var proof = RequestProof.Make(cookie, nonce, HttpMethod.Post.Method, uri.PathAndQuery, body);
        var request = new HttpRequestMessage(HttpMethod.Post, uri) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Authorization = new AuthenticationHeaderValue(RequestProof.Scheme, proof.Parameter);
        return (request, kept is null && !wasKept);
    }
}
