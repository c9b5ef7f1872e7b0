using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using WatchReload.Actors;

namespace WatchReload.Hosting.Kernel;

/// <summary>
/// All actors of a node, the registry of names, and the version that is current. Knows of versions only what
/// <see cref="CodeVersion"/> says; loading and upgrading are others' business.
/// </summary>
internal sealed class ActorKernel : IActors
{
    private readonly ActorTable _cells = new();
    private readonly ConcurrentDictionary<string, ActorCell> _names = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<CodeVersion, byte> _replaced = new();
    private readonly TaskCompletionSource _emptied = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile int _replacedCount;
    private volatile CodeVersion _current = NoVersion.Instance;
    private volatile UpgradeSession? _session;
    private volatile bool _stopping;
    private long _lastId;
    private readonly Lock _following = new();
    private volatile bool _followsClients;
    private volatile int _followedFrom;
    private volatile int _sessions;

    public ActorKernel(TimeProvider time, ILogger logger)
    {
        Time = time;
        Logger = new SteadyLogger(logger);
        DeadLetters = new DeadLetters(time);
        Failures = new FailureMeter(time);
        Asks = new PendingAsks(this);
        Ready = new ReadyActors(time);
        LateStates = new LateStates(this);
        Committed = new CommitPoint(_current.Number, time.GetTimestamp(), 0);
    }

    public TimeProvider Time { get; }

    /// <summary>Milliseconds, in whatever steps cost little: for what is asked after every turn.</summary>
    public Func<long> CoarseTime { get; init; } = static () => Environment.TickCount64;
    public ILogger Logger { get; }
    public Gate Gate { get; } = new();
    public ReadyActors Ready { get; }
    public LateStates LateStates { get; }
    public DeadLetters DeadLetters { get; }
    public FailureMeter Failures { get; }
    public PendingAsks Asks { get; }
    public BackgroundWork Background { get; } = new();

    /// <summary>The version whose code turns run; written by a commit.</summary>
    public CodeVersion Current => _current;

    /// <summary>When the current version became that.</summary>
    public CommitPoint Committed { get; private set; }

    /// <summary>The reload that is being prepared, or null.</summary>
    public UpgradeSession? Session => _session;

    /// <summary>While true every failure policy parks.</summary>
    public bool OnTrial
    {
        get;
        set
        {
            field = value;
            Follow();
        }
    }

    /// <summary>What clients cause is followed: while a version is on trial, and while a reload is prepared.</summary>
    public bool FollowsClients => _followsClients;

    /// <summary>On whose behalf the calling code runs; null when nobody needs to know.</summary>
    public Client? CurrentClient => FollowsClients ? Known(Client.Current) : null;

    /// <summary>How many reloads have begun; the number of the latest.</summary>
    public int Sessions => _sessions;

    /// <summary>Called when a policy asks for the end of the node.</summary>
    public Action? ExitRequested { get; set; }

    public int Count => _cells.Count;

    public IEnumerable<ActorCell> Cells => _cells.All;

    public IEnumerable<string> Names => _names.Keys;

    /// <summary>How many actors there have ever been.</summary>
    public long Spawned => Interlocked.Read(ref _lastId);

    /// <summary>None if it caused what it did before this trial, and before the reload that led to it.</summary>
    public Client? Known(Client? client) => client is not null && client.Session >= _followedFrom ? client : null;

    /// <summary>Hands out all actors, in stretches, to all processors.</summary>
    public void InParallel(Action<ArraySegment<ActorCell>> work, CancellationToken cancellation) => _cells.InParallel(work, cancellation);

    public ActorCell? Find(ActorId id) => _cells.Find(id.Value);

    public ActorCell? FindNamed(string name) => _names.GetValueOrDefault(name);

    public ActorRef<TMessage> Find<TMessage>(ActorName<TMessage> name) where TMessage : notnull =>
        new(FindNamed(name.Value) ?? throw new ActorNotFoundException(name.Value));

    /// <summary>Adds an actor. Its first turn runs when it is woken.</summary>
    public ActorCell Spawn(BehaviorBinding binding, ActorRole role, object? first, ActorInlet? inlet = null)
    {
        var cell = new ActorCell(this, Interlocked.Increment(ref _lastId), role, binding, first);
        if (inlet is not null) cell.Attach(inlet);
        if (role.Kind == ActorKind.Named) Register(role.Name!, cell);
        _cells.Add(cell);
        // One that a commit adds is on the new version already.
        if (Session is { } session && !ReferenceEquals(binding.Version, session.Target)) session.Touched(cell);
        if (_stopping) cell.RequestStop(StopReason.NodeStopping);
        return cell;
    }

    /// <summary>Takes back one that was added and has had no turn.</summary>
    public void Withdraw(ActorCell cell)
    {
        Remove(cell);
        cell.Binding.Version.ActorLeft();
    }

    public void Remove(ActorCell cell)
    {
        _cells.Remove(cell);
        if (cell.Role.Kind == ActorKind.Named) _names.TryRemove(new KeyValuePair<string, ActorCell>(cell.Role.Name!, cell));
        if (_stopping && _cells.Count == 0) _emptied.TrySetResult();
    }

    /// <summary>From now on turns report to the session which actors ran.</summary>
    public UpgradeSession BeginSession(CodeVersion target)
    {
        var session = new UpgradeSession(this, target, ++_sessions);
        _session = session;
        Follow();
        Interlocked.MemoryBarrierProcessWide();
        return session;
    }

    public void EndSession()
    {
        _session = null;
        Follow();
    }

    /// <summary>The one write that makes a version current. Under the closed gate, or before the first actor.</summary>
    public void Commit(CodeVersion version, bool onTrial = false)
    {
        // What can run out of memory comes before what can be seen.
        if (_current is not NoVersion && _replaced.TryAdd(_current, 0)) Interlocked.Increment(ref _replacedCount);
        Committed = new CommitPoint(version.Number, Time.GetTimestamp(), Spawned);
        if (onTrial) _followedFrom = _sessions;
        OnTrial = onTrial;
        _current = version;
    }

    /// <summary>The version on trial stays.</summary>
    public void EndTrial()
    {
        OnTrial = false;
        foreach (var cell in Cells) cell.TrialEnded();
    }

    /// <summary>Nothing of a replaced version waits for a reply any more.</summary>
    public void Forget(CodeVersion replaced)
    {
        if (_replaced.TryRemove(replaced, out _)) Interlocked.Decrement(ref _replacedCount);
    }

    /// <summary>Timers of the node hold no caller's ExecutionContext: it would live as long as they do.</summary>
    public ITimer StartTimer(TimerCallback callback, object state, TimeSpan due, TimeSpan period)
    {
        if (ExecutionContext.IsFlowSuppressed()) return Time.CreateTimer(callback, state, due, period);
        using (ExecutionContext.SuppressFlow()) return Time.CreateTimer(callback, state, due, period);
    }

    /// <param name="client">On whose behalf it was; null: on that of the actor's own client, if it has one.</param>
    public void TurnFailed(ActorCell actor, CodeVersion version, Exception cause, string what, Client? client)
    {
        Failures.Add(new FailedTurn(Time.GetTimestamp(), actor.Id.Value, version.Number, actor.Inlet?.Client.Address, (Known(client) ?? actor.OwnClient)?.Origin));
        KernelLog.TurnFailed(Logger, cause, actor.ToString(), actor.Binding.Name, version.Number, what);
    }

    /// <summary>The number of the version whose code sends that request: the current one's, unless it is a type of one that was replaced.</summary>
    public int VersionThatAsks(object request)
    {
        var current = _current;
        if (_replacedCount == 0 || !current.IsForeign(request.GetType())) return current.Number;
        // Versions may share the assembly: the newest of them has what the others have not.
        return _replaced.Keys.Where(version => !version.IsForeign(request.GetType())).Select(version => version.Number).DefaultIfEmpty(current.Number).Max();
    }

    /// <summary>Makes of a reply what the asker waits for, who may be of an older version than the reply.</summary>
    public object ConvertReply(AskSlot slot, object reply)
    {
        var isAwaited = slot.ReplyType.IsInstanceOfType(reply);
        // As long as code of no other version waits or replies.
        if (isAwaited && _replacedCount == 0) return reply;
        var asker = AskerOf(slot);
        if (isAwaited && ReferenceEquals(asker, _current) && !asker.MayDiffer(reply.GetType())) return reply;
        return asker.Map(reply, slot.ReplyType);
    }

    /// <summary>Asks every actor to stop, and waits until all have, or the deadline. False: some had not.</summary>
    public async Task<bool> StopAll(TimeSpan deadline)
    {
        _stopping = true;
        foreach (var cell in Cells) cell.RequestStop(StopReason.NodeStopping);
        if (_cells.Count == 0) return true;
        try
        {
            await _emptied.Task.WaitAsync(deadline, Time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    public void RequestExit() => ExitRequested?.Invoke();

    /// <summary>A trial may end while the next reload begins.</summary>
    private void Follow()
    {
        lock (_following)
        {
            var follows = OnTrial || _session is not null;
            if (follows && !_followsClients) _followedFrom = _sessions;
            _followsClients = follows;
        }
    }

    private void Register(string name, ActorCell cell)
    {
        while (!_names.TryAdd(name, cell))
        {
            if (!_names.TryGetValue(name, out var running)) continue;
            if (!running.IsStopping)
            {
                cell.Binding.Version.ActorLeft();
                throw new InvalidOperationException($"An actor named '{name}' runs already.");
            }

            // One that is ending has had its name.
            if (_names.TryUpdate(name, cell, running)) return;
        }
    }

    /// <summary>Who waits for a type that stays, an <c>int</c> say, is told by who asked alone.</summary>
    private CodeVersion AskerOf(AskSlot slot)
    {
        if (_current is var current && current.Number == slot.AskedBy && !current.IsForeign(slot.ReplyType)) return current;
        foreach (var (version, _) in _replaced)
            if (version.Number == slot.AskedBy && !version.IsForeign(slot.ReplyType)) return version;

        return VersionOf(slot.ReplyType);
    }

    private CodeVersion VersionOf(Type type)
    {
        if (!_current.IsForeign(type)) return _current;
        // Who asked may be no actor: piped work of a version waits on when all actors have left it.
        foreach (var (version, _) in _replaced)
            if (!version.IsForeign(type)) return version;

        throw new InvalidOperationException($"{SourceNames.Full(type)} is of a version that is gone");
    }
}
