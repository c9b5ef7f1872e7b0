namespace WatchReload.Daemon.Events;

/// <summary>Stamps events with the time and hands each to every sink, in the same order to all.</summary>
internal sealed class EventStream(TimeProvider time) : IEventSink
{
    private readonly Lock _lock = new();
    private readonly List<IEventSink> _sinks = [];

    /// <summary>From now on that sink has every event, until what is returned is disposed.</summary>
    public IDisposable Attach(IEventSink sink)
    {
        lock (_lock)
            _sinks.Add(sink);
        return new Attachment(this, sink);
    }

    public void Emit(DaemonEvent happened)
    {
        lock (_lock)
        {
            if (happened.Time == default)
                happened = happened with { Time = time.GetUtcNow().UtcDateTime };
            foreach (var sink in _sinks)
                sink.Emit(happened);
        }
    }

    private sealed class Attachment(EventStream stream, IEventSink sink) : IDisposable
    {
        public void Dispose()
        {
            lock (stream._lock)
                stream._sinks.Remove(sink);
        }
    }
}
