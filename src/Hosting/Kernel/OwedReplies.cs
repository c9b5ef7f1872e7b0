namespace WatchReload.Hosting.Kernel;

/// <summary>The replies that one actor owes, as a list through the asks themselves. Askers add, whoever completes an ask removes it, from any thread.</summary>
internal sealed class OwedReplies
{
    private PendingAsk? _first;
    private bool _closed;

    public void Add(PendingAsk ask)
    {
        lock (this)
        {
            // The request will find the actor stopped, and say so.
            if (_closed) return;
            ask.After = _first;
            if (_first is not null) _first.Before = ask;
            _first = ask;
            ask.IsListed = true;
        }
    }

    public void Remove(PendingAsk ask)
    {
        lock (this)
        {
            if (!ask.IsListed) return;
            ask.IsListed = false;
            if (ask.Before is { } before) before.After = ask.After;
            else _first = ask.After;
            if (ask.After is { } after) after.Before = ask.Before;
            ask.Before = ask.After = null;
        }
    }

    /// <summary>The actor has stopped: those that wait are told.</summary>
    public void Close()
    {
        PendingAsk? first;
        lock (this)
        {
            _closed = true;
            first = _first;
            _first = null;
            for (var ask = first; ask is not null; ask = ask.After) ask.IsListed = false;
        }

        while (first is { } ask)
        {
            first = ask.After;
            ask.After = ask.Before = null;
            ask.ActorGone();
        }
    }
}
