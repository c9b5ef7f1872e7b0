using Microsoft.Extensions.Logging;

namespace WatchReload.Daemon.Events;

/// <summary>
/// Stamps events with the time and hands each to every sink, in the same order to all. A sink that fails, such as an output on a disk that is
/// full, misses that event, and neither the others nor the work.
/// </summary>
internal sealed class EventStream(TimeProvider time, ILogger log) : IEventSink
{
    private readonly Lock _lock = new();
    private readonly List<IEventSink> _sinks = [];
    private readonly HashSet<IEventSink> _failing = [];

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
                Hand(happened, sink);
        }
    }

    private void Hand(DaemonEvent happened, IEventSink sink)
    {
        try
        {
            sink.Emit(happened);
            _failing.Remove(sink);
        }
        catch (Exception e)
        {
            if (_failing.Add(sink)) // once, until it works again
                EventsLog.SinkFails(log, e, sink.GetType().Name);
        }
    }

    private sealed class Attachment(EventStream stream, IEventSink sink) : IDisposable
    {
        public void Dispose()
        {
            lock (stream._lock)
            {
                stream._sinks.Remove(sink);
                stream._failing.Remove(sink);
            }
        }
    }
}
