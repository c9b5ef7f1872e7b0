using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using WatchReload.Actors;
using WatchReload.Control;
using WatchReload.Hosting.Kernel;
using WatchReload.Hosting.Loading;

namespace WatchReload.Hosting.Upgrading;

/// <summary>
/// Lets go of versions that have been replaced, and proves that they are gone.
/// </summary>
/// <remarks>
/// Theory of operation. A version is retiring while something of it may still run: a late or parked actor, piped work, an ask that
/// waits for one of its types, a hosted service that does not end, a call to it that has not returned. When none is left its container is disposed of and its contexts are unloaded; then it
/// is either unloaded, which weak references prove, or lingering, until they do. No version is killed, and any number may
/// linger. After the container is gone nothing here refers to the version any more.
/// </remarks>
internal sealed class Retirements(ActorKernel kernel, ILogger logger) : IDisposable
{
    private const int UnloadedShown = 100;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Seldom = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan LetGoDeadline = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan UnloadDeadline = TimeSpan.FromSeconds(20);
    private readonly ConcurrentQueue<Entry> _entries = new();
    private readonly CancellationTokenSource _ended = new();

    public IReadOnlyList<OldVersion> Status
    {
        get
        {
            var all = _entries.ToArray();
            var ended = all.Count(e => e.HasEnded);
            return [.. all.Where(e => !e.HasEnded || ended-- <= UnloadedShown).Select(Shown)];
        }
    }

    /// <summary>Begins the retirement of a version that has been replaced and whose hosted services have ended.</summary>
    public void Add(ServiceVersion version)
    {
        Replaced(version);
        var entry = new Entry(version);
        _entries.Enqueue(entry);
        while (_entries.Count > 10 * UnloadedShown && _entries.TryPeek(out var oldest) && oldest.HasEnded) _entries.TryDequeue(out _);
        using (ExecutionContext.SuppressFlow()) _ = Task.Run(() => Run(entry, Quiesce(entry)));
    }

    /// <summary>Tells the version's background work that it has been replaced, or refused.</summary>
    public void Replaced(ServiceVersion version)
    {
        version.ReplacedAt ??= kernel.Time.GetUtcNow();
        if (!version.IsRetired) version.Told = Observe(version.Retire(), version.Number);
    }

    /// <summary>Disposes of the container. One of the service's own objects may throw at it: that keeps nothing else from ending.</summary>
    public async Task DisposeContainer(ServiceVersion version)
    {
        try
        {
            await version.DisposeAsync();
        }
        catch (Exception cause)
        {
            UpgradingLog.DisposeFailed(logger, cause, version.Number);
        }
    }

    /// <summary>
    /// A version that never served: nothing of it runs, except for code that hangs. Whoever waits for the reload's report does not wait for that, nor for
    /// a <c>Dispose</c> that does not return: it goes on, and is shown.
    /// </summary>
    public async Task LetGo(ServiceVersion refused)
    {
        Replaced(refused);
        var entry = new Entry(refused);
        var hangs = refused.Hosted.Running.Count > 0;
        var ending = OwnThreads.Run(() => End(refused, entry));
        if (!hangs)
        {
            if (await Deadlines.AreKept(ending, LetGoDeadline, kernel.Time)) return;
            UpgradingLog.DisposeGoesOn(logger, refused.Number);
        }

        _entries.Enqueue(entry);
        using (ExecutionContext.SuppressFlow()) _ = Task.Run(() => Run(entry, ending));
    }

    public void Dispose()
    {
        _ended.Cancel();
        _ended.Dispose();
    }

    private async Task<UnloadTicket> End(ServiceVersion refused, Entry entry)
    {
        while (refused.Hosted.Running.Count > 0) await Task.Delay(Look, kernel.Time, _ended.Token);
        entry.DisposingSince = kernel.Time.GetUtcNow();
        await DisposeContainer(refused);
        await refused.Shared.LetGo();
        entry.Version = null;
        return refused.Release.Retire();
    }

    private async Task Observe(Task told, int version)
    {
        try
        {
            await told;
        }
        catch (Exception cause)
        {
            UpgradingLog.RetiredCallbackFailed(logger, cause, version);
        }
    }

    /// <param name="entry">What is shown of it.</param>
    /// <param name="ending">Ends when its container is disposed of.</param>
    private async Task Run(Entry entry, Task<UnloadTicket> ending)
    {
        try
        {
            var ticket = await ending;
            if (ticket.IsKept)
            {
                entry.State = "kept";
                UpgradingLog.Kept(logger, entry.Number);
                return;
            }

            entry.Ticket = ticket;
            var gone = await ticket.Unloaded(UnloadDeadline, kernel.Time, _ended.Token);
            if (!gone)
            {
                entry.State = "lingering";
                UpgradingLog.Lingers(logger, entry.Number, string.Join("; ", Shown(entry).Holders));
                await Lingers(ticket);
            }

            entry.State = "unloaded";
            UpgradingLog.Unloaded(logger, entry.Number);
        }
        catch (Exception) when (_ended.IsCancellationRequested)
        {
            // The node is ending, and its memory with it.
        }
        catch (Exception cause)
        {
            entry.State = "lingering";
            UpgradingLog.RetirementFailed(logger, cause, entry.Number);
        }
    }

    /// <summary>Looks now and then; asks for collections ever more seldom, as each costs every actor a moment.</summary>
    private async Task Lingers(UnloadTicket ticket)
    {
        for (var pause = UnloadDeadline; !ticket.IsUnloaded; pause = pause < LongestPause ? pause * 2 : LongestPause)
        {
            var until = kernel.Time.GetTimestamp();
            while (!ticket.IsUnloaded && kernel.Time.GetElapsedTime(until) < pause) await Task.Delay(Seldom, kernel.Time, _ended.Token);
            if (!ticket.IsUnloaded) await ticket.Unloaded(Seldom, kernel.Time, _ended.Token);
        }
    }

    /// <summary>In a method of its own, so that its locals, which refer to the version, are gone when it has returned.</summary>
    private async Task<UnloadTicket> Quiesce(Entry entry)
    {
        var version = entry.Version!;
        await version.LastActor.WaitAsync(_ended.Token);
        await version.Told.WaitAsync(_ended.Token);
        while (kernel.Background.Of(version.Number).Count > 0 || VersionHolders.AsksOf(kernel, version).Count > 0 || version.Hosted.Running.Count > 0)
            await Task.Delay(Look, kernel.Time, _ended.Token);
        kernel.Forget(version);
        entry.DisposingSince = kernel.Time.GetUtcNow();
        await DisposeContainer(version);
        entry.Version = null;
        return version.Release.Retire();
    }

    private OldVersion Shown(Entry entry)
    {
        var (holders, count) = entry.Version is { } version ? VersionHolders.Of(kernel, version) : ([], 0);
        var named = holders.Count;
        var isTold = entry.Told.IsCompleted;
        if (!isTold) holders.Add($"a callback of {nameof(IServiceVersion)}.{nameof(IServiceVersion.Retired)} that does not return, called since {entry.ReplacedAt:O}");
        if (entry.Version is not null)
        {
            if (entry.DisposingSince is { } disposing) holders.Add($"its container, being disposed of since {disposing:O}: the Dispose of one of its services does not return");
        }
        else if (isTold && entry is { State: "lingering", Ticket: { } ticket })
        {
            holders.Add($"unknown, of {string.Join(", ", ticket.Alive)}: see docs/investigating.md for the usual ones (timers, statics and events outside it, caches of serializers, undisposed containers)");
        }

        return new OldVersion(entry.Number, entry.State, holders) { HolderCount = count + holders.Count - named };
    }

    private sealed class Entry(ServiceVersion version)
    {
        public int Number { get; } = version.Number;
        public DateTimeOffset? ReplacedAt { get; } = version.ReplacedAt;
        public Task Told { get; } = version.Told;
        public ServiceVersion? Version { get; set; } = version;
        public DateTimeOffset? DisposingSince { get; set; }
        public UnloadTicket? Ticket { get; set; }
        public string State { get; set; } = "retiring";
        public bool HasEnded => State is "unloaded" or "kept";
    }
}
