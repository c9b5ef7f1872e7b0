using System.Runtime.CompilerServices;

namespace WatchReload.Hosting.Kernel;

/// <summary>A timer of an actor. Its queued message counts only while it is <see cref="Active"/>.</summary>
/// <param name="client">On whose behalf it was set.</param>
internal sealed class TimerEntry(ActorCell cell, string key, object payload, bool repeats, Client? client)
{
    private int _queued;

    public string Key { get; } = key;

    /// <summary>Replaced by its mapping when the actor changes over.</summary>
    public object Payload { get; set; } = payload;

    public bool Repeats { get; } = repeats;

    public Client? Client { get; } = client;

    public bool Active { get; set; } = true;

    public ITimer? Timer { get; set; }

    /// <summary>The timer's tick: queues the message unless the one before still waits.</summary>
    public void Fire()
    {
        if (Interlocked.Exchange(ref _queued, 1) == 0) cell.PostTimer(this);
    }

    public void Taken() => Volatile.Write(ref _queued, 0);

    public void Stop()
    {
        Active = false;
        Timer?.Dispose();
    }
}

/// <summary>The timers of one actor, by key. Changed only in its turns.</summary>
internal sealed class ActorTimers(ActorCell cell)
{
    private readonly Dictionary<string, TimerEntry> _entries = new(StringComparer.Ordinal);

    /// <summary>The runtime's timers count whole milliseconds, and take a period of none for no period.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    /// <summary>The longest that the runtime's timers take: 49 days.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    /// <summary>Whether one of them brings what the behavior's version has another type for, or what may hold such, or what the behavior does not receive.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool NeedMapping(BehaviorBinding behavior)
    {
        lock (_entries)
        {
            foreach (var entry in _entries.Values)
            {
                if (behavior.Version.MayDiffer(entry.Payload.GetType()) || !behavior.Accepts(entry.Payload)) return true;
            }

            return false;
        }
    }

    public TimerEntry[] All
    {
        get
        {
            lock (_entries) return [.. _entries.Values];
        }
    }

    public IReadOnlyList<string> Keys
    {
        get
        {
            lock (_entries) return [.. _entries.Keys];
        }
    }

    public void Set(string key, TimeSpan time, bool repeats, object payload)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(payload);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(time, Longest);
        if (repeats && time < Shortest) time = Shortest;
        Cancel(key);
        cell.Binding.RecordSent(payload);
        var entry = new TimerEntry(cell, key, payload, repeats, cell.Kernel.CurrentClient);
        lock (_entries) _entries.Add(key, entry);
        entry.Timer = cell.Kernel.StartTimer(static state => ((TimerEntry)state!).Fire(), entry, time, repeats ? time : Timeout.InfiniteTimeSpan);
    }

    public void Cancel(string key)
    {
        TimerEntry? entry;
        lock (_entries) _entries.Remove(key, out entry);
        entry?.Stop();
    }

    /// <summary>Stops a timer whose message nobody will read.</summary>
    public void Abandon(TimerEntry entry, string reason)
    {
        if (!entry.Active) return;
        cell.Kernel.DeadLetters.Add(cell, entry.Payload, reason);
        Cancel(entry.Key);
    }

    /// <summary>The entry's message is being handled.</summary>
    public void Taken(TimerEntry entry)
    {
        entry.Taken();
        if (!entry.Repeats && _entries.TryGetValue(entry.Key, out var current) && ReferenceEquals(current, entry)) Cancel(entry.Key);
    }

    public void StopAll()
    {
        foreach (var entry in _entries.Values) entry.Stop();
        lock (_entries) _entries.Clear();
    }
}
