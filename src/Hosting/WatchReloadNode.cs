using Microsoft.Extensions.Logging;
using WatchReload.Control;
using WatchReload.Hosting.Endpoint;
using WatchReload.Hosting.Kernel;
using WatchReload.Hosting.Loading;
using WatchReload.Hosting.Tcp;
using WatchReload.Hosting.Upgrading;

namespace WatchReload.Hosting;

/// <summary>
/// A node: the process's part that does not restart. Owns sockets, mailboxes, timers, names and state, loads releases and goes from one
/// to the next.
/// </summary>
public sealed class WatchReloadNode : INode, IAsyncDisposable
{
    private const int PartForReload = 4;

    /// <summary>For what has to be disposed of, though no time is left.</summary>
    private static readonly TimeSpan LastGrace = TimeSpan.FromSeconds(1);

    private readonly NodeOptions _options;
    private readonly ILogger _logger;
    private readonly ILoggerFactory _loggers;
    private readonly ActorKernel _kernel;
    private readonly ListenerTable _listeners;
    private readonly SharedResources _shared;
    private readonly Retirements _retirements;
    private readonly Reloader _reloader;
    private readonly ReleaseLoader _loader;
    private readonly ReleasePointers _pointers;
    private readonly EndMark _endMark;
    private readonly TaskCompletionSource _stopRequested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _started;
    private PipeServer? _pipe;
    private MetricsPort? _metrics;
    private CompileAhead? _ahead;
    private FileLock? _lock;
    private int _disposed;

    public WatchReloadNode(NodeOptions options, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(loggers);
        _options = options;
        _loggers = loggers;
        _logger = loggers.CreateLogger("WatchReload.Node");
        _started = options.Time.GetTimestamp();
        _kernel = new ActorKernel(options.Time, loggers.CreateLogger("WatchReload.Actors")) { ExitRequested = EndByPolicy };
        _listeners = new ListenerTable(_kernel, loggers, options.Sockets);
        _loader = new ReleaseLoader(options.State, loggers, options.Time, keep: TakesDeltas);
        _retirements = new Retirements(_kernel, _logger);
        _shared = new SharedResources(_logger, options.Time);
        _pointers = new ReleasePointers(options.State, options.Name);
        _endMark = new EndMark(options.State, options.Name, _logger);
        _reloader = new Reloader(
            new NodeServices(options.Name, Instance, options.State, _kernel, _logger),
            _loader,
            new VersionFactory(_kernel, loggers, _shared, options.Arguments),
            _listeners,
            _retirements,
            _pointers);
    }

    private bool TakesDeltas => _options.Deltas && System.Reflection.Metadata.MetadataUpdater.IsSupported;

    string INode.Name => _options.Name;

    string INode.Instance => Instance;

    /// <summary>Names this run of the node.</summary>
    public string Instance { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Completes when somebody has asked the node to end: by the pipe, or by a failure policy.</summary>
    public Task StopRequested => _stopRequested.Task;

    /// <summary>A failure policy has asked for the end: whoever supervises the process is to start it again.</summary>
    public bool EndedByPolicy { get; private set; }

    /// <summary>What serves, as the pipe tells it.</summary>
    public NodeStatus Status()
    {
        var version = _reloader.Current;
        var actors = Census.Of(_kernel);
        return new NodeStatus
        {
            Node = _options.Name,
            Pid = Environment.ProcessId,
            Instance = Instance,
            Version = _kernel.Current.Number,
            Release = version?.Manifest.Id,
            Commit = version?.Manifest.Commit,
            Clean = version?.Manifest.Clean,
            Mvid = version?.Release.Mvid,
            Connections = _listeners.Connections,
            Actors = actors.Actors,
            Late = actors.NamedLate,
            LateCount = actors.LateCount,
            Parked = actors.NamedParked,
            ParkedCount = actors.ParkedCount,
            DeadLetters = _kernel.DeadLetters.Count,
            LastDeadLetters = [.. _kernel.DeadLetters.Last.TakeLast(DeadLetter.MostNamed)],
            Trial = _reloader.Trial?.Status(version?.Manifest.Id),
            Problems = version?.Failed ?? [],
            LastTrial = _reloader.TrialEnds.Last,
            SourceHash = version?.Manifest.SourceHash,
            ContentHash = version?.Manifest.ContentHash,
            Deltas = version?.Release.Deltas ?? 0,
            Loaded = TakesDeltas ? version?.Release.Loaded() : null,
            OldVersions = _retirements.Status,
            Reloads = new ReloadCounts(_reloader.Committed, _reloader.Refused),
            UptimeSeconds = Math.Round(_options.Time.GetElapsedTime(_started).TotalSeconds, 1),
            Listeners = _listeners.Status,
            Fence = _reloader.Fence,
        };
    }

    /// <summary>Takes the node's lock, loads the first release, and listens on the pipe.</summary>
    /// <returns>Why it does not serve; null when it does.</returns>
    /// <exception cref="ControlException">The state directory cannot be used, or a node of that name runs already.</exception>
    public async Task<ReloadReport?> Start(CancellationToken cancellation = default)
    {
        // Before anything in it is believed or run: whoever else could write there could put code in the place of a release.
        Cookie.LoadOrCreate(_options.State);
        OwnedPath.EnsureDirectory(_options.State.Releases);
        OwnedPath.EnsureDirectory(_options.State.Packages);
        OwnedPath.EnsureNode(_options.State, _options.Name);
        _lock = FileLock.TryAcquire(_options.State.NodeLock(_options.Name));
        if (_lock is null)
        {
            var holder = FileLock.Holder(_options.State.NodeLock(_options.Name)) is { } running ? $", as process {running.Pid}" : "";
            throw new StateException($"A node named '{_options.Name}' runs already{holder}.", "Stop it first with `watchreload stop`, or give this one another name.");
        }

        _endMark.Prepare();
        if (!TakesDeltas && PoolThreads.EndBy is { } endBy) NodeLog.PoolThreadsEnd(_logger, endBy); // else nothing is unloaded

        var report = await FirstLoad.Run(_options, Instance, _pointers, _reloader);
        if (report.Verdict != ReloadVerdict.Committed) return FirstLoad.Record(_options, report);
        DurableFile.Delete(_options.State.StartFailure(_options.Name));
        _pipe = await NodeEndpoint.Start(this, _options.State, _loggers, cancellation);
        if (_options.MetricsPort is { } port) _metrics = await MetricsPort.Start(port, this, _loggers, cancellation);
        if (TakesDeltas) _ahead = CompileAhead.Begin(typeof(WatchReloadNode).Assembly, typeof(PipeServer).Assembly, typeof(Actors.CodeChangeContext).Assembly); // somebody edits
        return null;
    }

    /// <summary>Stops in order: no new connections, actors are told, and all have until one deadline. False: some had not ended by then.</summary>
    public async Task<bool> StopInOrder()
    {
        NodeLog.Stopping(_logger, _options.Name, _listeners.Connections, _kernel.Count);
        var began = _options.Time.GetTimestamp();
        _reloader.BeginStop();
        await _listeners.StopAccepting();
        await _reloader.Stop(Left() / PartForReload); // the rest is for those who are connected
        await _listeners.StopAccepting(); // those that a reload past its commit has added since
        var stopped = await _kernel.StopAll(Left());
        foreach (var version in _reloader.Hosting) await HostedServices.Stop(version, Left(), _kernel.Time, _logger);
        stopped &= await _listeners.Drained(Left());
        stopped &= await _reloader.EndCurrent(Left() is var left && left > LastGrace ? left : LastGrace);
        _endMark.Leave(isWanted: EndedByPolicy);
        NodeLog.Stopped(_logger, _options.Name, _kernel.Count);
        return stopped;

        TimeSpan Left() => _options.DrainDeadline - _options.Time.GetElapsedTime(began) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    public async ValueTask DisposeAsync()
    {
        // A host's container may know it by two names.
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        _reloader.TrialEnds.Complete();
        if (_ahead is not null) await _ahead.DisposeAsync();
        if (_metrics is not null) await _metrics.DisposeAsync();
        if (_pipe is not null) await _pipe.DisposeAsync();
        await _listeners.DisposeAsync();
        _retirements.Dispose();
        _reloader.Dispose();
        await _shared.DisposeAsync();
        _lock?.Dispose();
    }

    string INode.Metrics() => NodeMetrics.Text(new NodeReadings(Status(), _reloader.Statistics, _kernel, _listeners.Bytes, _loader.PackageContexts));

    IAsyncEnumerable<ReloadEvent> INode.Reload(ReloadRequest request, string id, bool rehearse, TimeSpan? hold, CancellationToken cancellation) =>
        _reloader.Reload(request, id, rehearse, hold, cancellation);

    bool INode.Decide(string id, bool commit) => _reloader.Decide(id, commit);

    IAsyncEnumerable<TrialEnd> INode.Trials(CancellationToken cancellation) => _reloader.TrialEnds.Follow(cancellation);

    private void EndByPolicy()
    {
        EndedByPolicy = true;
        _stopRequested.TrySetResult();
    }

    void INode.Stop() => _stopRequested.TrySetResult();
}
