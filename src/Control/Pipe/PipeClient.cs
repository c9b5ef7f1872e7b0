using System.Net;
using System.Net.Http.Headers;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace WatchReload.Control;

/// <summary>
/// Talks to the process that listens under a name in a state directory, whichever process that is at the time: each new connection
/// goes by the rendezvous file. Safe for several threads.
/// </summary>
/// <remarks>All methods throw <see cref="PipeException"/> for what the other side or the connection causes, <see cref="StateException"/> for a state directory that cannot be trusted.</remarks>
public sealed class PipeClient : IDisposable
{
    private static readonly Uri Base = new("http://localhost/");

    private readonly StateDirectory _state;
    private readonly string _name;
    private readonly PipeClientOptions _options;
    private readonly HttpClient _http;

    public PipeClient(StateDirectory state, string name, PipeClientOptions? options = null)
    {
        (_state, _name, _options) = (state, name, options ?? new PipeClientOptions());
        _http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = (_, cancellation) => PipeConnector.Connect(_state, _name, _options, cancellation),
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(15), // well before the server's own limit
        })
        {
            Timeout = Timeout.InfiniteTimeSpan, // each request has its own deadline
        };
    }

    /// <summary>Reads; <paramref name="target"/> is path and query, with the version: <c>/v1/status</c>.</summary>
    public async Task<T> Get<T>(string target, JsonTypeInfo<T> type, CancellationToken cancellation = default)
    {
        using var deadline = Deadline(cancellation);
        using var answer = await Send(new HttpRequestMessage(HttpMethod.Get, Target(target)), HttpCompletionOption.ResponseContentRead, deadline.Token, cancellation);
        return await ReadJson(answer, type, cancellation);
    }

    public async Task<string> GetText(string target, CancellationToken cancellation = default)
    {
        using var deadline = Deadline(cancellation);
        using var answer = await Send(new HttpRequestMessage(HttpMethod.Get, Target(target)), HttpCompletionOption.ResponseContentRead, deadline.Token, cancellation);
        return await answer.Content.ReadAsStringAsync(cancellation);
    }

    /// <summary>Commands, with a proof by the cookie; neither body nor answer.</summary>
    public async Task Post(string target, CancellationToken cancellation = default)
    {
        using var deadline = Deadline(cancellation);
        using var answer = await SendProved(target, [], HttpCompletionOption.ResponseContentRead, deadline.Token, cancellation);
    }

    /// <summary>Commands, with a proof by the cookie.</summary>
    public async Task<TAnswer> Post<TBody, TAnswer>(string target, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellation = default)
    {
        using var deadline = Deadline(cancellation);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, bodyType);
        using var answer = await SendProved(target, bytes, HttpCompletionOption.ResponseContentRead, deadline.Token, cancellation);
        return await ReadJson(answer, answerType, cancellation);
    }

    /// <summary>Commands, with a proof by the cookie; the answer comes in lines. The deadline is for its headers, not for the lines.</summary>
    public async Task<PipeLines<TLine>> PostLines<TBody, TLine>(string target, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TLine> lineType, CancellationToken cancellation = default)
    {
        using var deadline = Deadline(cancellation);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, bodyType);
        var answer = await SendProved(target, bytes, HttpCompletionOption.ResponseHeadersRead, deadline.Token, cancellation);
        try
        {
            return new PipeLines<TLine>(answer, await answer.Content.ReadAsStreamAsync(cancellation), lineType, _name);
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    public void Dispose() => _http.Dispose();

    internal static PipeException Lost(string name, Exception inner) => new(
        PipeFailure.Lost,
        $"The connection to \"{name}\" ended in the middle of an answer: {inner.Message}",
        "What it had begun it may have finished; look: watchreload status",
        inner);

    private static Uri Target(string target) => new(Base, target);

    private CancellationTokenSource Deadline(CancellationToken cancellation)
    {
        var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(_options.AnswerTimeout);
        return deadline;
    }

    private async Task<HttpResponseMessage> SendProved(string target, byte[] body, HttpCompletionOption completion, CancellationToken deadline, CancellationToken cancellation)
    {
        var cookie = Cookie.Load(_state);
        string nonce;
        using (var answer = await Send(new HttpRequestMessage(HttpMethod.Get, Target(PipeRoutes.Nonce)), HttpCompletionOption.ResponseContentRead, deadline, cancellation))
            nonce = (await ReadJson(answer, PipeJson.Default.NonceAnswer, cancellation)).Nonce;

        var uri = Target(target);
        var proof = RequestProof.Make(cookie, nonce, HttpMethod.Post.Method, uri.PathAndQuery, body);
        var request = new HttpRequestMessage(HttpMethod.Post, uri) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Authorization = new AuthenticationHeaderValue(RequestProof.Scheme, proof.Parameter);
        return await Send(request, completion, deadline, cancellation);
    }

    private async Task<HttpResponseMessage> Send(HttpRequestMessage request, HttpCompletionOption completion, CancellationToken deadline, CancellationToken cancellation)
    {
        try
        {
            using (request)
            {
                var answer = await _http.SendAsync(request, completion, deadline);
                if (answer.IsSuccessStatusCode)
                    return answer;
                using (answer)
                    throw await Rejected(answer, deadline);
            }
        }
        catch (HttpRequestException e) when (e.InnerException is ControlException cause)
        {
            ExceptionDispatchInfo.Throw(cause);
            throw;
        }
        catch (HttpRequestException e)
        {
            throw Lost(_name, e);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new PipeException(
                PipeFailure.TimedOut,
                $"\"{_name}\" did not answer {request.Method} {request.RequestUri?.PathAndQuery} within {_options.AnswerTimeout.TotalSeconds:0.#} s.",
                "It may be busy; look: watchreload status",
                e);
        }
    }

    private async Task<PipeException> Rejected(HttpResponseMessage answer, CancellationToken cancellation)
    {
        var status = (int)answer.StatusCode;
        PipeError? error = null;
        try
        {
            error = JsonSerializer.Deserialize(await answer.Content.ReadAsByteArrayAsync(cancellation), PipeJson.Default.PipeError);
        }
        catch (JsonException)
        {
            // The server itself, not a route, answered: it has only the status to say.
        }

        var failure = answer.StatusCode == HttpStatusCode.Unauthorized ? PipeFailure.Unauthorized : status >= 500 ? PipeFailure.Defect : PipeFailure.Rejected;
        return new PipeException(
            failure,
            error?.Error ?? $"\"{_name}\" answered {status} {answer.ReasonPhrase}.",
            error?.Remedy ?? "Use the command of the same version as the process it talks to.")
        {
            Status = status,
        };
    }

    private async Task<T> ReadJson<T>(HttpResponseMessage answer, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        try
        {
            return JsonSerializer.Deserialize(await answer.Content.ReadAsByteArrayAsync(cancellation), type) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new PipeException(PipeFailure.Rejected, $"\"{_name}\" gave an answer that is not understood: {e.Message}", "Use the command of the same version as the process it talks to.", e);
        }
    }
}
