using WatchReload.Actors;

namespace WatchReload.Hosting.Kernel;

/// <summary>Links, watches, and the end.</summary>
internal sealed partial class ActorCell
{
    /// <summary>Cancelled when the actor stops.</summary>
    public CancellationToken Stopping
    {
        get
        {
            var extras = Extras;
            lock (extras)
            {
                // A source that there is, is cancelled at the end, and not in here: its callbacks are the service's code.
                return extras.Closed ? new CancellationToken(canceled: true) : (extras.Stopping ??= new CancellationTokenSource()).Token;
            }
        }
    }

    public void Owes(PendingAsk ask) => Extras.Owed.Add(ask);

    public void OwesNoMore(PendingAsk ask) => _extras?.Owed.Remove(ask);

    public void Link(ActorCell other)
    {
        if (!AddLink(other)) other.RequestStop(StopReason.LinkedActorStopped);
        if (!other.AddLink(this)) RequestStop(StopReason.LinkedActorStopped);
    }

    public void Watch(ActorId actor)
    {
        var watching = Extras.Watching ??= [];
        if (watching.ContainsKey(actor.Value)) return;
        var entry = new WatchEntry(this);
        watching.Add(actor.Value, entry);
        if (Kernel.Find(actor) is not { } watched || !watched.AddWatcher(entry))
            Notify(entry, new Terminated(actor, StopReason.Unknown), Kernel.CurrentClient);
    }

    public void Unwatch(ActorId actor)
    {
        if (_extras?.Watching is not { } watching || !watching.Remove(actor.Value, out var entry)) return;
        entry.Active = false;
        Kernel.Find(actor)?.RemoveWatcher(entry);
    }

    private bool AddLink(ActorCell other)
    {
        var extras = Extras;
        lock (extras)
        {
            if (extras.Closed) return false;
            (extras.Links ??= []).Add(other);
            return true;
        }
    }

    private void RemoveLink(ActorCell other)
    {
        var extras = Extras;
        lock (extras) extras.Links?.Remove(other);
    }

    private bool AddWatcher(WatchEntry entry)
    {
        var extras = Extras;
        lock (extras)
        {
            if (extras.Closed) return false;
            (extras.Watchers ??= []).Add(entry);
            return true;
        }
    }

    private void RemoveWatcher(WatchEntry entry)
    {
        var extras = Extras;
        lock (extras) extras.Watchers?.Remove(entry);
    }

    private static void Notify(WatchEntry entry, Terminated terminated, Client? client)
    {
        if (entry.Active) entry.Watcher.Enqueue(Envelope.For(client, terminated, entry));
    }

    private void BeginStop(StopReason reason)
    {
        var canRun = _state is not null && _start != StartReason.New && _binding.HasStopping
            && (ReferenceEquals(_binding.Version, Kernel.Current) || ChangeOver());
        // It comes again when its state is there.
        if (IsChanging) return;
        if (canRun) Run(new Turn(TurnKind.Stopping, Reason: reason, Client: EndsFor));
        else EndStop(reason);
    }

    private void EndStop(StopReason reason)
    {
        var client = EndsFor;
        _extras?.Timers?.StopAll();
        CloseInlet(reason);
        Kernel.Remove(this);
        Interlocked.Exchange(ref _status, Stopped);
        DrainAfterStop();
        _extras?.Owed.Close();
        // References to the actor may last in states and messages: from here on they hold nothing of its version.
        var last = _binding;
        _binding = new StoppedBinding(last.Name);
        last.Version.ActorLeft();
        _state = null;
        _context = null;
        (_candidate, _candidateBinding) = (null, null);
        if (_extras is not null) Farewell(reason, client);
    }

    private void Farewell(StopReason reason, Client? client)
    {
        HashSet<WatchEntry>? watchers;
        HashSet<ActorCell>? links;
        CancellationTokenSource? stopping;
        var extras = Extras;
        lock (extras)
        {
            extras.Closed = true;
            (watchers, links, stopping) = (extras.Watchers, extras.Links, extras.Stopping);
            extras.Watchers = null;
            extras.Links = null;
        }

        // On the pool: callbacks of the token are the service's code.
        if (stopping is not null) ThreadPool.UnsafeQueueUserWorkItem(static work => work.Cell.Cancel(work.Source), (Cell: this, Source: stopping), preferLocal: false);
        foreach (var (actor, entry) in extras.Watching ?? [])
        {
            entry.Active = false;
            Kernel.Find(new ActorId(actor))?.RemoveWatcher(entry);
        }

        foreach (var entry in watchers ?? []) Notify(entry, new Terminated(Id, reason), client);
        foreach (var link in links ?? [])
        {
            link.RemoveLink(this);
            link.RequestStop(StopReason.LinkedActorStopped, client);
        }
    }

    private void Cancel(CancellationTokenSource stopping)
    {
        try
        {
            stopping.Cancel();
        }
        catch (Exception cause)
        {
            KernelLog.CancellationFailed(Kernel.Logger, cause, ToString());
        }
    }

    private void CloseInlet(StopReason reason)
    {
        if (Inlet is not { } inlet) return;
        Inlet = null;
        try
        {
            inlet.Stopped(reason);
        }
        catch (Exception defect)
        {
            // The actor ends all the same: those that wait for its end must be told.
            KernelLog.Defect(Kernel.Logger, defect, ToString(), _binding.Name);
        }
    }

    /// <summary>A sender may have queued after the last turn: whoever sees the stop takes what is there.</summary>
    private void DrainAfterStop()
    {
        var extras = Extras;
        lock (extras)
        {
            extras.Closed = true;
            while (_mailbox.TryDequeue(out var payload, out var tag)) Undeliverable(payload, tag, "the actor has stopped");
        }
    }
}
