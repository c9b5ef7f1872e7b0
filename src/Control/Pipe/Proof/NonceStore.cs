using System.Security.Cryptography;

namespace WatchReload.Control;

/// <summary>The nonces that were given out and not used yet. Bounded: the oldest makes room for the newest.</summary>
internal sealed class NonceStore(TimeProvider time, TimeSpan lifetime, int capacity = 1024)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _issued = new(StringComparer.Ordinal);
    private readonly Queue<string> _oldestFirst = new(); // of those used since, the names stay until it is their turn

    public string Issue()
    {
        var nonce = RandomNumberGenerator.GetHexString(32, lowercase: true);
        lock (_lock)
        {
            while (_oldestFirst.TryPeek(out var oldest) && (_oldestFirst.Count >= capacity || !IsGood(oldest)))
                _issued.Remove(_oldestFirst.Dequeue());
            _issued.Add(nonce, time.GetTimestamp());
            _oldestFirst.Enqueue(nonce);
        }

        return nonce;
    }

    /// <summary>Takes the nonce; false when it was never given out, was taken before, or has expired.</summary>
    public bool TryTake(string nonce)
    {
        lock (_lock)
            return IsGood(nonce) & _issued.Remove(nonce);
    }

    private bool IsGood(string nonce) => _issued.TryGetValue(nonce, out var issued) && time.GetElapsedTime(issued) < lifetime;
}
