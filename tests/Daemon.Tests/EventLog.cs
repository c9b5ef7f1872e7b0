using System.Threading.Channels;
using WatchReload.Daemon.Events;

namespace WatchReload.Daemon.Tests;

/// <summary>Keeps events, and lets a test wait for one.</summary>
internal sealed class EventLog : IEventSink
{
    private readonly Channel<DaemonEvent> _channel = Channel.CreateUnbounded<DaemonEvent>();
    private readonly List<DaemonEvent> _all = [];

    public IReadOnlyList<DaemonEvent> All
    {
        get
        {
            lock (_all)
                return [.. _all];
        }
    }

    public void Emit(DaemonEvent happened)
    {
        lock (_all)
            _all.Add(happened);
        _channel.Writer.TryWrite(happened);
    }

    /// <summary>The next of that kind; those before it are passed over.</summary>
    public async Task<T> Next<T>()
        where T : DaemonEvent
    {
        await foreach (var happened in _channel.Reader.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            if (happened is T wanted)
                return wanted;
        }

        throw new InvalidOperationException("No more events.");
    }
}
