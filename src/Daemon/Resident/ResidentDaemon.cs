using Microsoft.Extensions.Logging;
using WatchReload.Control;
using WatchReload.Daemon.Cli;
using WatchReload.Daemon.Events;
using WatchReload.Daemon.Flow;
using WatchReload.Daemon.Resident.Hook;

namespace WatchReload.Daemon.Resident;

/// <summary>What <c>watch</c> and <c>run</c> have in common: one a checkout, holding its lock, listening on its pipe, doing orders one after the other.</summary>
internal sealed class ResidentDaemon : IAsyncDisposable
{
    private readonly FileLock _only;
    private readonly PipeServer _pipe;
    private readonly GroupServer? _hooks;
    private readonly Orphans? _orphans;

    private ResidentDaemon(FileLock only, Workbench bench, AttemptQueue queue, PipeServer pipe, GroupServer? hooks, Orphans? orphans) => (_only, Bench, Queue, _pipe, _hooks, _orphans) = (only, bench, queue, pipe, hooks, orphans);

    public Workbench Bench { get; }
    public AttemptQueue Queue { get; }

    /// <param name="mode">watch, run, daemon.</param>
    /// <param name="call">Who started it.</param>
    /// <param name="place">The checkout.</param>
    /// <param name="configuration">To build, unless the settings say.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="supervise">Whether it starts nodes.</param>
    /// <param name="deltas">Edits of bodies are applied to what is loaded.</param>
    /// <param name="verify">What is replayed is built with MSBuild too.</param>
    public static async Task<ResidentResult> Start(string mode, Invocation call, Workplace place, string configuration, CancellationToken cancellation, bool supervise = true, bool deltas = false, bool verify = false)
    {
        OwnedPath.EnsureState(place.State);
        var (only, held) = await Alone(call, place, cancellation);
        if (only is null)
            return new ResidentResult(null, held);

        if (place.NoGit is { } why)
            call.Console.Warn($"{why.Cause} Releases carry no commit, and changes do not wait for git to finish. {why.Remedy}");
        Workbench? bench = null;
        AttemptQueue? queue = null;
        PipeServer? pipe = null;
        GroupServer? hooks = null;
        try
        {
            var logging = Logging.Create(place.Settings.Log, call.Context, quiet: mode == "watch");
            bench = Workbench.Open(call, place, logging, configuration, supervise, deltas, verify, quiet: mode == "watch");
            queue = new AttemptQueue(bench.Events, call.Time);
            var (opened, orders) = (bench, queue);
            var routes = new ResidentRoutes(
                orders,
                opened.Pipeline,
                opened.Seats,
                () => new ResidentStatus(Environment.ProcessId, mode, place.Settings.Project, place.Settings.Configuration ?? configuration, opened.Builder.ProcessId, [.. opened.Seats.Select(s => s.Name)], orders.IsBusy),
                () => call.Stop.Raise(StopReason.Ordered),
                logging.CreateLogger<ResidentRoutes>());
            pipe = await PipeServer.Start(new PipeServerOptions { State = place.State, Name = ResidentName.Value, Logging = logging, Time = call.Time }, routes.Map, cancellation);
            hooks = await HookSocket.Start(call, bench, queue, cancellation);
            return new ResidentResult(new ResidentDaemon(only, bench, queue, pipe, hooks, Orphans.OfFirstProcess(call.Time, logging.CreateLogger<ResidentDaemon>())), null);
        }
        catch
        {
            if (queue is not null)
                await queue.DisposeAsync();
            if (hooks is not null)
                await hooks.DisposeAsync();
            if (pipe is not null)
                await pipe.DisposeAsync();
            if (bench is not null)
                await bench.DisposeAsync();
            only.Dispose();
            throw;
        }
    }

    public Task<DaemonEvent> Submit(Order order) => Queue.Submit(Attempts.Of(order, Bench.Pipeline));

    /// <summary>Takes no more orders, gives up what is under way, ends the builder. Nodes live on: ending them is the verb's decision, before this.</summary>
    public async ValueTask DisposeAsync()
    {
        await Queue.DisposeAsync();
        if (_hooks is not null)
            await _hooks.DisposeAsync();
        await _pipe.DisposeAsync();
        await Bench.DisposeAsync();
        _orphans?.Dispose();
        _only.Dispose();
    }

    /// <summary>
    /// The lock of the checkout. A command that works there by itself, as a hook's does that found no daemon, has an end and is waited for; only
    /// another daemon has none.
    /// </summary>
    private static async Task<(FileLock? Only, Failure? Held)> Alone(Invocation call, Workplace place, CancellationToken cancellation)
    {
        var begun = call.Time.GetTimestamp();
        for (var said = false; ; said = true)
        {
            if (await FileLock.Acquire(place.State.DaemonLock, said ? Commission.LookAgain : TimeSpan.Zero, call.Time, cancellation) is { } only)
                return (only, null);
            if (ResidentClient.Find(place.State) is { } daemon)
            {
                return (null, new Failure(
                    ExitCode.Usage,
                    $"Another watchreload (pid {daemon.Pid}) works on this checkout (state directory {place.State.Root}).",
                    "Stop it first: watchreload stop. Or use it: watchreload reload, pull and rollback hand their work to it."));
            }

            if (call.Time.GetElapsedTime(begun) >= Commission.LongestWait)
                return (null, Commission.Held(place));
            if (!said)
                call.Console.Warn($"Waiting for another watchreload (pid {FileLock.Holder(place.State.DaemonLock)?.Pid}) that works on this checkout.");
        }
    }
}

/// <summary>The daemon, or why there is none.</summary>
internal sealed record ResidentResult(ResidentDaemon? Daemon, Failure? Failure)
{
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(true, nameof(Daemon))]
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(false, nameof(Failure))]
    public bool Started => Daemon is not null;
}
