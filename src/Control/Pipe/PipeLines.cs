using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace WatchReload.Control;

/// <summary>An answer that comes in lines, each when it happens. To be read once, and disposed.</summary>
public sealed class PipeLines<T> : IAsyncEnumerable<T>, IAsyncDisposable
{
    private readonly HttpResponseMessage _answer;
    private readonly StreamReader _reader;
    private readonly JsonTypeInfo<T> _type;
    private readonly PipeTransport _transport;

    internal PipeLines(HttpResponseMessage answer, Stream body, JsonTypeInfo<T> type, PipeTransport transport)
    {
        (_answer, _type, _transport) = (answer, type, transport);
        _reader = new StreamReader(body, Encoding.UTF8);
        Id = answer.Headers.TryGetValues(PipeRoutes.IdHeader, out var values) ? values.First() : null;
    }

    /// <summary>What the process calls this request, if it can be referred to: <c>/v1/reload/ID/commit</c>.</summary>
    public string? Id { get; }

    /// <exception cref="PipeException">The connection ended before the answer did (<see cref="PipeFailure.Lost"/>).</exception>
    public async IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        while (await ReadLine(cancellationToken) is { } line)
            yield return Parse(line);
    }

    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        _answer.Dispose();
        return ValueTask.CompletedTask;
    }

    private async ValueTask<string?> ReadLine(CancellationToken cancellation)
    {
        try
        {
            return await _reader.ReadLineAsync(cancellation);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw _transport.Lost(e);
        }
    }

    private T Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, _type) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw _transport.NotUnderstood(e);
        }
    }
}
