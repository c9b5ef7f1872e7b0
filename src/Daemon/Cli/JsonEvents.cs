using WatchReload.Daemon.Events;

namespace WatchReload.Daemon.Cli;

/// <summary>Events for a program: one JSON object a line.</summary>
internal sealed class JsonEvents(TextWriter output) : IEventSink
{
    public void Emit(DaemonEvent happened) => JsonLine.Write(output, happened, EventJson.Default.DaemonEvent);
}
