namespace WatchReload.Daemon.Events;

/// <summary>Takes events. Does not throw, and does not block on who reads: what befalls the teller must not befall the work.</summary>
internal interface IEventSink
{
    void Emit(DaemonEvent happened);
}
