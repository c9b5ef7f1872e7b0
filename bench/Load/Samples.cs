namespace WatchReload.Bench.Load;

/// <summary>Every reply: when it was due to be asked, and how long it took from there. Kept whole, so that the times around a swap can be told from quiet ones afterwards.</summary>
internal sealed class Samples
{
    private const int Chunk = 1 << 16;
    private readonly List<Sample[]> _chunks = [];
    private int _used = Chunk;

    public void Add(long due, long latency)
    {
        if (_used == Chunk)
        {
            _chunks.Add(new Sample[Chunk]);
            _used = 0;
        }

        _chunks[^1][_used++] = new(due, latency);
    }

    /// <summary>Those that were under way at any time within any of the spans.</summary>
    /// <param name="spans">Ordered, without overlap.</param>
    public Histogram Within(IReadOnlyList<Span> spans)
    {
        var histogram = new Histogram();
        foreach (var sample in All())
        {
            if (Touches(spans, sample)) histogram.Record(sample.Latency);
        }

        return histogram;
    }

    public void Clear()
    {
        _chunks.Clear();
        _used = Chunk;
    }

    private static bool Touches(IReadOnlyList<Span> spans, Sample sample)
    {
        var (low, high) = (0, spans.Count);
        while (low < high) // the first span that ends after the message was due
        {
            var middle = (low + high) / 2;
            if (spans[middle].To < sample.Due) low = middle + 1;
            else high = middle;
        }

        return low < spans.Count && spans[low].From <= sample.Due + sample.Latency;
    }

    private IEnumerable<Sample> All() => _chunks.SelectMany((chunk, i) => i == _chunks.Count - 1 ? chunk.Take(_used) : chunk);

    private readonly record struct Sample(long Due, long Latency);
}

/// <param name="From">Of <see cref="Clock"/>.</param>
internal sealed record Span(long From, long To);
