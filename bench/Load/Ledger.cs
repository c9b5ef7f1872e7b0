namespace WatchReload.Bench.Load;

/// <summary>What one connection has asked and not yet been answered, in order; finds fault with every reply that is not the next one.</summary>
/// <remarks>
/// Pings carry their number, from 1, and the reply has it twice: once returned, once counted by the service. A version question
/// carries nothing, so its answer is matched to the oldest open question.
/// </remarks>
internal sealed class Ledger
{
    private const long VersionQuestion = 0;
    private readonly Queue<Entry> _open = new();
    private readonly HashSet<long> _passedOver = [];
    private long _last;

    public int Open => _open.Count;

    public long NextPing(long due)
    {
        _open.Enqueue(new(++_last, due));
        return _last;
    }

    public void VersionAsked(long due) => _open.Enqueue(new(VersionQuestion, due));

    /// <returns>When it was due; null for a reply that nothing was open for.</returns>
    public long? Pong(long number, long counted, Counts counts)
    {
        if (Take(number, counts) is not { } due) return null;
        counts.Replies++;
        if (counted != number) counts.WrongCounts++;
        return due;
    }

    /// <inheritdoc cref="Pong"/>
    public long? Version(Counts counts) => Take(VersionQuestion, counts);

    /// <summary>The connection is gone, or the wait is over.</summary>
    public int Abandon()
    {
        var open = _open.Count;
        _open.Clear();
        return open;
    }

    private long? Take(long number, Counts counts)
    {
        if (_open.TryPeek(out var next) && next.Number == number) return _open.Dequeue().Due;
        if (!_open.Any(e => e.Number == number))
        {
            if (number != VersionQuestion && _passedOver.Remove(number))
            {
                counts.Gaps--;
                counts.OutOfOrder++;
            }
            else
            {
                counts.Duplicates++;
            }

            return null;
        }

        while (_open.Peek().Number != number)
        {
            counts.Gaps++;
            if (_open.Dequeue() is { Number: not VersionQuestion } passed) _passedOver.Add(passed.Number);
        }

        return _open.Dequeue().Due;
    }

    private readonly record struct Entry(long Number, long Due);
}
