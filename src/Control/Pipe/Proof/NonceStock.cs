namespace WatchReload.Control;

/// <summary>The nonces that a client holds for its next commands, so that a command need not fetch one first.</summary>
/// <remarks>
/// Theory of operation. With any request the client may ask for a nonce, which the answer brings in a header; it does so while it holds fewer than it wants. The first command that has to fetch one gets
/// two in that way, so one can follow while it is under way. A nonce is taken out to be used, so none is used twice. One grows old from when it was asked for, which is before it was made: the client lets
/// go of it before the server does. Those of another run of the process go when a connection is made to that; should one be used all the same, it is refused, nothing has happened, and all that are held go.
/// </remarks>
internal sealed class NonceStock(TimeProvider time)
{
    private const int Most = 2;

    // The server takes them for 30 seconds.
    private static readonly TimeSpan Good = TimeSpan.FromSeconds(25);

    private readonly Lock _lock = new();
    private readonly Queue<(string Nonce, long Asked)> _oldestFirst = new();
    private string? _instance;

    public long Now => time.GetTimestamp();

    public bool IsEmpty
    {
        get
        {
            lock (_lock)
            {
                DropOld();
                return _oldestFirst.Count == 0;
            }
        }
    }

    /// <summary>Asks for one with a request that is about to be sent, if there is room; tells when.</summary>
    public long Ask(HttpRequestMessage request)
    {
        lock (_lock)
        {
            DropOld();
            if (_oldestFirst.Count < Most)
                request.Headers.TryAddWithoutValidation(PipeRoutes.NonceHeader, PipeRoutes.NextNonce);
            return time.GetTimestamp();
        }
    }

    /// <summary>Keeps what the answer brings.</summary>
    public void Keep(HttpResponseMessage answer, long asked)
    {
        lock (_lock)
        {
            if (answer.StatusCode == System.Net.HttpStatusCode.Unauthorized)
                _oldestFirst.Clear(); // what else is held is probably no better than what was used
            if (answer.Headers.TryGetValues(PipeRoutes.NonceHeader, out var values))
                Keep(values.First(), asked);
        }
    }

    /// <summary>Keeps what was fetched.</summary>
    public void Keep(string nonce, long asked)
    {
        lock (_lock)
        {
            if (_oldestFirst.Count == Most)
                _oldestFirst.Dequeue(); // several had asked at a time
            _oldestFirst.Enqueue((nonce, asked));
        }
    }

    /// <summary>Takes one out; null when there is none that the server still takes.</summary>
    public string? TryTake()
    {
        lock (_lock)
        {
            DropOld();
            return _oldestFirst.TryDequeue(out var oldest) ? oldest.Nonce : null;
        }
    }

    /// <summary>A connection is made to this run of the process: it knows no nonces of another one.</summary>
    public void Connected(string instance)
    {
        lock (_lock)
        {
            if (_instance != instance)
                _oldestFirst.Clear();
            _instance = instance;
        }
    }

    private void DropOld()
    {
        while (_oldestFirst.TryPeek(out var oldest) && time.GetElapsedTime(oldest.Asked) >= Good)
            _oldestFirst.Dequeue();
    }
}
