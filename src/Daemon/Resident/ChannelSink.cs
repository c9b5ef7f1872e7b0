using System.Threading.Channels;
using WatchReload.Daemon.Events;

namespace WatchReload.Daemon.Resident;

/// <summary>Puts events aside for one reader. The work does not wait for it: an attempt has few events, so there is no bound.</summary>
internal sealed class ChannelSink : IEventSink
{
    private readonly Channel<DaemonEvent> _channel = Channel.CreateUnbounded<DaemonEvent>(new UnboundedChannelOptions { SingleReader = true });

    public ChannelReader<DaemonEvent> Reader => _channel.Reader;

    public void Emit(DaemonEvent happened) => _channel.Writer.TryWrite(happened);

    /// <summary>No more will come; with an exception the reader has that after the last event.</summary>
    public void Complete(Exception? why) => _channel.Writer.TryComplete(why);
}
