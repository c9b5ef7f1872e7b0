using System.Net;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace WatchReload.Control;

/// <summary>Sends one request of a client, and makes of everything but a good answer a <see cref="PipeException"/> that names cause and remedy.</summary>
internal sealed class PipeTransport : IDisposable
{
    private const string SameVersion = "Use the command of the same version as the process it talks to.";

    /// <summary>Bytes of an answer that says what is wrong.</summary>
    private const long LongestRefusal = 1 << 20;

    private static readonly Uri Base = new("http://localhost/");

    private readonly string _name;
    private readonly PipeClientOptions _options;
    private readonly NonceStock? _nonces;
    private readonly HttpClient _http;

    /// <param name="name">Who is talked to, for messages.</param>
    /// <param name="connect">A new connection.</param>
    /// <param name="options">How long to wait.</param>
    /// <param name="longestAnswer">Bytes of one that does not come in lines; null: as long as it is.</param>
    /// <param name="nonces">Filled from the answers, where commands need them.</param>
    public PipeTransport(string name, Func<CancellationToken, ValueTask<Stream>> connect, PipeClientOptions options, long? longestAnswer = null, NonceStock? nonces = null)
    {
        (_name, _options, _nonces) = (name, options, nonces);
        _http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = (_, cancellation) => connect(cancellation),
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
            Expect100ContinueTimeout = options.AnswerTimeout, // who asks for it has the server look at the headers first
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(45), // before a node's or builder's own limit; whom another user's server serves sends one request
        })
        {
            Timeout = Timeout.InfiniteTimeSpan, // each request has its own deadline
        };
        if (longestAnswer is { } longest)
            _http.MaxResponseContentBufferSize = longest;
    }

    public static Uri Uri(string target) => new(Base, target);

    public async Task<HttpResponseMessage> Send(HttpRequestMessage request, HttpCompletionOption completion, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(_options.AnswerTimeout);
        using (request)
        {
            try
            {
                var asked = _nonces?.Ask(request);
                var answer = await _http.SendAsync(request, completion, deadline.Token);
                if (asked is { } since)
                    _nonces!.Keep(answer, since);
                if (answer.IsSuccessStatusCode)
                    return answer;
                using (answer)
                    throw await Rejected(answer, deadline.Token);
            }
            catch (HttpRequestException e) when (e.InnerException is ControlException cause)
            {
                ExceptionDispatchInfo.Throw(cause);
                throw;
            }
            catch (HttpRequestException e)
            {
                throw Lost(e);
            }
            catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
            {
                throw TimedOut(request, e);
            }
        }
    }

    /// <summary>The answer comes in lines; the deadline is for its headers.</summary>
    /// <param name="request">What to send.</param>
    /// <param name="type">Of a line.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="most">Bytes of the answer after which it is given up; 0: no limit.</param>
    public async Task<PipeLines<T>> SendForLines<T>(HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken cancellation, long most = 0)
    {
        var answer = await Send(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        try
        {
            var body = await answer.Content.ReadAsStreamAsync(cancellation);
            if (most > 0)
                body = new LimitedStream(body, most, () => new IOException($"The answer is longer than {most >> 20} MB.")); // the connection counts as lost
            return new PipeLines<T>(answer, body, type, this);
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    public async Task<T> ReadJson<T>(HttpResponseMessage answer, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        try
        {
            return JsonSerializer.Deserialize(await answer.Content.ReadAsByteArrayAsync(cancellation), type) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw NotUnderstood(e);
        }
    }

    public PipeException NotUnderstood(JsonException inner) =>
        new(PipeFailure.Rejected, $"\"{_name}\" gave an answer that is not understood: {inner.Message}", SameVersion, inner);

    public PipeException Lost(Exception inner) => new(
        PipeFailure.Lost,
        $"The connection to \"{_name}\" ended in the middle: {inner.Message}",
        "What it had begun it may have finished; look: watchreload status",
        inner);

    public void Dispose() => _http.Dispose();

    private PipeException TimedOut(HttpRequestMessage request, Exception inner) => new(
        PipeFailure.TimedOut,
        $"\"{_name}\" did not answer {request.Method} {request.RequestUri?.PathAndQuery} within {_options.AnswerTimeout.TotalSeconds:0.#} s.",
        "It may be busy, or stopped; look at its log, then ask again: watchreload status",
        inner);

    private async Task<PipeException> Rejected(HttpResponseMessage answer, CancellationToken cancellation)
    {
        var status = (int)answer.StatusCode;
        PipeError? error = null;
        try
        {
            await using var body = new LimitedStream(await answer.Content.ReadAsStreamAsync(cancellation), LongestRefusal, () => new JsonException("It is too long."));
            error = await JsonSerializer.DeserializeAsync(body, PipeJson.Default.PipeError, cancellation);
        }
        catch (Exception e) when (e is JsonException or IOException)
        {
            // The server itself, not a route, answered, or has ended: there is only the status to say.
        }

        var failure = answer.StatusCode == HttpStatusCode.Unauthorized ? PipeFailure.Unauthorized : status >= 500 ? PipeFailure.Defect : PipeFailure.Rejected;
        return new PipeException(failure, error?.Error ?? $"\"{_name}\" answered {status} {answer.ReasonPhrase}.", error?.Remedy ?? SameVersion) { Status = status };
    }
}
