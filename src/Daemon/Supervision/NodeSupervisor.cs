using Microsoft.Extensions.Logging;
using WatchReload.Control;
using WatchReload.Daemon.Configuration;
using WatchReload.Daemon.Delivery;
using WatchReload.Daemon.Events;

namespace WatchReload.Daemon.Supervision;

/// <summary>Keeps one node alive.</summary>
/// <remarks>
/// Theory of operation. A node is absent, or lives as <see cref="_process"/>. It comes by <see cref="Adopt"/> or <see cref="Start"/>; each
/// leaves behind a guard that waits for the end of that very process. An ordered end (exit code 0, or asked for by <see cref="Stop"/>)
/// leaves the node absent. After any other end the guard waits, longer each time, and starts the node again without naming a release:
/// the node alone decides between the trial and <c>current</c>, unless it was found not to start on that (<see cref="Fallback"/>). All starts pass one gate, and whoever comes through it and finds a
/// living node leaves it alone; so a deploy may start the node while the guard is still waiting, and there are never two.
/// Nothing here ends a node because the daemon ends: that is the caller's decision (<see cref="Stop"/>), or nobody's.
/// </remarks>
internal sealed class NodeSupervisor(NodeSettings node, NodeLauncher launcher, IEventSink events, TimeProvider time, ILogger<NodeSupervisor> log) : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly CancellationTokenSource _ending = new();
    private readonly Backoff _backoff = new(time);
    private readonly Lock _lock = new();
    private readonly List<Task> _guards = [];
    private NodeProcess? _process;
    private NodeProcess? _replaced;
    private volatile bool _stopping;
    private int _disposed;

    public string Node => node.Name;

    /// <summary>Lives, and was started here.</summary>
    public bool StartedHere => _process is { IsChild: true, IsAlive: true };

    /// <summary>The command ends, and with it the node, if it was started here.</summary>
    public bool IsStopping => _stopping;

    public bool IsAlive => _process is { IsAlive: true };

    /// <summary>Of its process; null while none lives.</summary>
    public int? Pid => _process is { IsAlive: true } process ? process.Pid : null;

    /// <summary>Completes when the node was stopped in order by somebody else.</summary>
    public TaskCompletionSource StoppedByOthers { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What is done beside the node for as long as one and the same process of it lives; its end is the token's.</summary>
    public Func<CancellationToken, Task> WhileItLives { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Has what each process of the node says as soon as it serves, before anybody is told of it.</summary>
    public Func<NodeStatus, Task> Began { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Has that the node was started again after it had died.</summary>
    public Func<NodeStarted, Task> Revived { get; set; } = static _ => Task.CompletedTask;

    /// <summary>The release to start in place of the first, and of the second, if that did not start in its place either; null: none.</summary>
    public Func<string, string?, string?> Other { get; set; } = static (_, _) => null;

    /// <summary>The release that it is started on when none is named; null when there is none yet.</summary>
    public string? WouldStart => new Fallback(launcher.Launch.State, Node, Other).WouldStart(null);

    /// <summary>Takes up the node if it runs; false when it does not.</summary>
    public async Task<bool> Adopt(CancellationToken cancellation)
    {
        if (RendezvousFile.Read(launcher.Launch.State, Node)?.Process() is not { IsAlive: true } identity)
            return false;
        using var link = new NodeLink(launcher.Launch.State, Node);
        if (await link.Status(cancellation) is not { } status || status.Pid != identity.Pid)
            return false;
        Guard(NodeProcess.Adopted(identity, time));
        events.Emit(new NodeAdopted(Node, status.Pid, status.Version, status.Release) { Commit = status.Commit, UptimeSeconds = status.UptimeSeconds, Listeners = status.ListenersByName() });
        return true;
    }

    /// <summary>Starts the node, unless it lives. Null: it lived. Tells nobody: the caller knows who wants to hear of it.</summary>
    /// <param name="release">Null: its own choice.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="fallBack">When it cannot start on that: on another (<see cref="Fallback"/>); that is told to all.</param>
    public async Task<NodeStart?> Start(string? release, CancellationToken cancellation, bool fallBack = false)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            if (IsAlive || _stopping)
                return null;
            return await Launch(release, fallBack, events, cancellation);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Stops the node in order and starts it again; on what it chooses itself, if it cannot start on the release.</summary>
    /// <param name="release">Null: its own choice.</param>
    /// <param name="told">Has the end of the process that ran, and what could not be started instead; everybody does by it.</param>
    /// <param name="cancellation">Gives up the start.</param>
    public async Task<NodeRestart> Restart(string? release, IEventSink told, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            if (_stopping)
                return new NodeRestart(new NodeStart.Failed([$"Node {Node} is being stopped."], 0, null) { Transient = true }, null);
            return await Replace(release, told, cancellation);
        }
        catch when (!cancellation.IsCancellationRequested)
        {
            Watch(BringBack); // whoever asked has the failure
            throw;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Stops the node in order, and waits for its end.</summary>
    public Task Stop() => End(static _ => true);

    /// <summary>The same, when the node was started here; one that was taken up goes on, and is not guarded any more.</summary>
    public Task StopIfStartedHere() => End(static process => process.IsChild);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await _ending.CancelAsync();
        Task[] guards;
        lock (_lock)
            guards = [.. _guards];
        await Task.WhenAll(guards);
        _process?.Dispose();
        _ending.Dispose();
        _gate.Dispose();
    }

    private async Task End(Func<NodeProcess, bool> which)
    {
        _stopping = true;
        await _gate.WaitAsync(CancellationToken.None); // a start under way ends first
        _gate.Release();
        if (_process is { IsAlive: true } process && which(process))
            await new NodeStop(launcher.Launch, time, log).Stop(Node, process);
    }

    private void Guard(NodeProcess process)
    {
        lock (_lock)
        {
            _process?.Dispose();
            _process = process;
        }

        Watch(() => Guarded(process));
    }

    private void Watch(Func<Task> work)
    {
        lock (_lock)
        {
            _guards.RemoveAll(g => g.IsCompleted);
            _guards.Add(Task.Run(() => Safely(work)));
        }
    }

    /// <summary>The caller has come through the gate.</summary>
    private async Task<NodeRestart> Replace(string? release, IEventSink told, CancellationToken cancellation)
    {
        if (_process is { IsAlive: true } process)
        {
            _replaced = process;
            var code = await new NodeStop(launcher.Launch, time, log).Stop(Node, process);
            told.Emit(new NodeExited(Node, process.Pid, code, null) { Ordered = true });
        }

        var start = await Launch(release, fallBack: release is null, told, cancellation);
        if (start is not NodeStart.Failed)
            return new NodeRestart(start, null);
        var instead = release is null ? null : await Launch(null, fallBack: true, told, cancellation) as NodeStart.Serving;
        if (instead is null)
            Watch(BringBack);
        return new NodeRestart(start, instead);
    }

    /// <summary>The caller has come through the gate.</summary>
    private async Task<NodeStart> Launch(string? release, bool fallBack, IEventSink told, CancellationToken cancellation)
    {
        var start = fallBack ? await new FallbackStart(node, launcher, Other, log).Run(release, told, cancellation) : await launcher.Start(node, release, cancellation);
        if (start is not NodeStart.Serving serving)
            return start;
        _backoff.Started();
        Guard(serving.Process);
        if (release is not null && !fallBack)
            Fallback.Forget(launcher.Launch.State, Node, log);
        await Remember(() => Began(serving.Status));
        return start;
    }

    private async Task Safely(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The daemon ends; the node goes on.
        }
        catch (Exception e)
        {
            SupervisionLog.GuardFailed(log, e, Node);
        }
    }

    private async Task Guarded(NodeProcess process)
    {
        var code = await ExitCode(process) ?? EndMark.Of(launcher.Launch.State, Node, process.Pid);
        if (ReferenceEquals(process, _replaced))
            return; // who restarts it tells of it
        var ordered = _stopping || code == 0;
        var wait = ordered ? (TimeSpan?)null : _backoff.Died();
        events.Emit(new NodeExited(Node, process.Pid, code, wait?.TotalMilliseconds) { Ordered = ordered });
        if (wait is { } first)
            await Revive(first);
        else if (!_stopping)
            StoppedByOthers.TrySetResult();
    }

    private async Task<int?> ExitCode(NodeProcess process)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token);
        var beside = Beside(gone.Token);
        try
        {
            return await process.Exited(_ending.Token);
        }
        finally
        {
            await gone.CancelAsync();
            await beside;
        }
    }

    private async Task Beside(CancellationToken gone)
    {
        try
        {
            await WhileItLives(gone);
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            // The node has ended, or the daemon does.
        }
        catch (Exception e)
        {
            SupervisionLog.GuardFailed(log, e, Node); // the node is guarded all the same
        }
    }

    private async Task Revive(TimeSpan wait)
    {
        while (!_stopping)
        {
            await Task.Delay(wait, time, _ending.Token);
            var start = await Again();
            if (start is NodeStart.Serving serving)
                await Tell(serving.Event(Node));
            if (start is not NodeStart.Failed failed)
                return;
            wait = _backoff.Died();
            events.Emit(failed.Event(Node, wait));
        }
    }

    /// <summary>A restart broke off, or nothing serves after it. Its own guard has left the process that was told to stop to who restarts it, so its end is waited for here.</summary>
    private async Task BringBack()
    {
        if (_process is { IsAlive: true } process && ReferenceEquals(process, _replaced))
            await process.Exited(_ending.Token);
        await Revive(_backoff.Died());
    }

    /// <summary>A start that nobody waits for: whatever prevents it may be gone the next time.</summary>
    private async Task<NodeStart?> Again()
    {
        try
        {
            return await Start(null, _ending.Token, fallBack: true);
        }
        catch (Exception e) when (!_ending.IsCancellationRequested)
        {
            SupervisionLog.ReviveFailed(log, e, Node);
            return NodeStart.Failed.By(e, Node);
        }
    }

    private async Task Tell(NodeStarted started)
    {
        await Remember(() => Revived(started)); // first: whoever hears of it finds it in the history
        events.Emit(started);
    }

    private async Task Remember(Func<Task> remember)
    {
        try
        {
            await remember();
        }
        catch (Exception e)
        {
            SupervisionLog.RevivedNotRemembered(log, e, Node);
        }
    }
}
