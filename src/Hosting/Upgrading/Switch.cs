using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;
using WatchReload.Control;
using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting.Upgrading;

/// <summary>
/// Prepares every actor and switches: steps 4 to 6 of a reload. Until <see cref="Commit"/> has returned a success nothing that serves is touched.
/// </summary>
internal sealed class Switch : IDisposable
{
    private const int Rounds = 6;
    private static readonly TimeSpan CatchUpPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan SweepPatience = TimeSpan.FromSeconds(30);

    /// <summary>After the deadline: whoever is in the middle of a state that only takes a while comes to its end, and what does not hangs.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly ActorKernel _kernel;
    private readonly ServiceVersion _next;
    private readonly TimeSpan _within;
    private readonly UpgradeSession _session;
    private readonly CancellationTokenSource _givenUp = new();
    private readonly List<(string Name, BehaviorBinding Binding, object First)> _added = [];
    private readonly List<ActorCell> _spawned = [];
    private readonly ConcurrentQueue<string> _withoutFirstState = [];
    private volatile bool _makesFirstState;
    private bool _isOvertaken;

    /// <param name="within">The service's code that makes states has this long in each step.</param>
    public Switch(ActorKernel kernel, ServiceVersion next, TimeSpan within)
    {
        _kernel = kernel;
        _next = next;
        _within = within;
        _session = kernel.BeginSession(next);
    }

    /// <summary>The new version is current.</summary>
    public bool IsCommitted { get; private set; }

    /// <summary>The longest that no turn could start: of one closing of the gate.</summary>
    public double GateMilliseconds { get; private set; }

    /// <summary>How often the gate was closed; turns went on between.</summary>
    public int GateClosings { get; private set; }

    /// <summary>Those late actors that were looked at under the gate: all, if they are not many.</summary>
    public IReadOnlyDictionary<ActorCell, LateReason> Late { get; private set; } = new Dictionary<ActorCell, LateReason>();

    /// <summary>All of them; after <see cref="ChangeOver"/>.</summary>
    public int LateCount { get; private set; }

    /// <summary>Candidates for all, first states for the actors that are added. The problems; empty when all is prepared.</summary>
    public Task<Objections> Prepare() => Bounded(() =>
    {
        MakeFirstStates();
        _session.PrepareAll(_givenUp.Token);
        CatchUpWithThoseThatRan(_kernel.Count);
    });

    /// <summary>Works off the actors that ran meanwhile, until they are few or no longer get fewer. The problems.</summary>
    public Task<Objections> CatchUp() => Bounded(() => CatchUpWithThoseThatRan(int.MaxValue));

    /// <summary>Closes the gate, brings the rest up to date, writes the version, opens the gate. The problems, when it refused.</summary>
    /// <param name="isStopping">Asked under the closed gate: if so nothing is committed any more.</param>
    public async Task<Objections> Commit(bool refuseStragglers, bool onTrial, Func<bool> isStopping)
    {
        for (var pace = new GatePace(_session, _isOvertaken); pace.Next();)
        {
            var round = new GateRound(_kernel, _session, GateLimits.Default, pace.IsLast);
            var since = _kernel.Time.GetUtcNow();
            var making = OwnThreads.Run(() => round.Run(late => CommitAtGate(late, round.Unnamed, refuseStragglers, onTrial, isStopping)));
            var ended = round.Watch();
            GateMilliseconds = Math.Max(GateMilliseconds, round.ClosedFor.TotalMilliseconds);
            GateClosings++;
            if (!ended && !await Ends(making))
            {
                Hold(making, since);
                return new Objections([HungAtGate(round.Unfinished!)]);
            }

            // Its result is there at once. To await that would be to go on in the pool, where all that is busy is before it.
            SpinWait.SpinUntil(() => making.IsCompleted);
            if (await making is { } outcome) return outcome;
            var objections = new Objections(Failed());
            if (objections.Problems.Count == 0 && !pace.Breathes(round.ClosedFor)) objections = await BoundedHere(MakeAgain);
            if (objections.Problems.Count > 0) return objections;
        }

        return new Objections(["States took too long to carry over while all actors waited, in each attempt those of others. Try again when the node has less to do."], Transient: true);
    }

    /// <summary>Under the closed gate.</summary>
    /// <param name="unnamed">Late ones that are not in <paramref name="late"/>.</param>
    private Objections CommitAtGate(IReadOnlyDictionary<ActorCell, LateReason> late, int unnamed, bool refuseStragglers, bool onTrial, Func<bool> isStopping)
    {
        if (isStopping()) return new Objections([ReloadSteps.Stopping], Transient: true);
        if (refuseStragglers && late.Count + unnamed > 0) return new Objections(Notices.Stragglers(late, late.Count + unnamed), Transient: true);
        var none = new Objections([]);
        try
        {
            foreach (var (name, binding, first) in _added) _spawned.Add(_kernel.Spawn(binding, new ActorRole(ActorKind.Named, name), first));
            // A candidate that will not be used would hold this version for as long as the turn lasts.
            foreach (var actor in late.Keys) actor.ForgetCandidate();
            _session.LeaveLate(late.Keys);
            PausePoint.Reach("gate");
            _kernel.Commit(_next, onTrial);
        }
        catch
        {
            foreach (var actor in _spawned) _kernel.Withdraw(actor);
            throw;
        }

        IsCommitted = true;
        Late = late;
        _kernel.EndSession();
        return none;
    }

    /// <summary>Changes over the actors that nobody writes to, and waits until all have that can. How many have; the late ones are told apart.</summary>
    public async Task<int> ChangeOver(ILogger logger)
    {
        foreach (var actor in _spawned) actor.Wake();
        // First turns in the new code run here. One that blocks its thread must not keep the node from its next reload.
        var sweep = new Sweep(_kernel, _session.IsLate);
        var sweeping = OwnThreads.Run(sweep.Run);
        try
        {
            await sweeping.WaitAsync(SweepPatience, _kernel.Time);
        }
        catch (TimeoutException)
        {
            // It goes on; what it has not reached yet changes over when it is written to, or in the next sweep.
            sweep.NobodyWaits();
        }
        catch (Exception cause)
        {
            // The new version serves, and what comes after the sweep must be done whatever happens: code change, retirement.
            UpgradingLog.Defect(logger, cause, _next.Manifest.Id);
        }

        LateCount = Math.Max(Late.Count, sweep.Late);
        return sweep.Arrived;
    }

    public void Dispose()
    {
        if (IsCommitted) return;
        _kernel.EndSession();
        _session.Abandon();
    }

    private void MakeFirstStates()
    {
        foreach (var (name, declared) in _next.Declaration.Actors)
        {
            if (_kernel.FindNamed(name) is { IsStopping: false }) continue;
            _givenUp.Token.ThrowIfCancellationRequested();
            try
            {
                _makesFirstState = true;
                _added.Add((name, _next.FindBehavior(BehaviorBinding.NameOf(declared.Behavior))!, _next.FirstState(name)));
                _makesFirstState = false;
            }
            catch (Exception cause)
            {
                _withoutFirstState.Enqueue($"The first state of '{name}' cannot be made: {SourceNames.Short(cause.GetType())}: {cause.Message}");
                _makesFirstState = false; // after that: who sees that none is made any more finds why
            }
        }
    }

    /// <param name="before">How many candidates were made before. If nearly as many are stale by now, more of the same is of no use.</param>
    private void CatchUpWithThoseThatRan(int before)
    {
        var began = _kernel.Time.GetTimestamp();
        _isOvertaken = false;
        var round = 0;
        for (; _session.Stale is var stale && stale > GatePace.FewEnough && _session.Failures.Count == 0; round++)
        {
            _isOvertaken = GatePace.IsInVain(before, stale) || _kernel.Time.GetElapsedTime(began) > CatchUpPatience;
            if (_isOvertaken || round == Rounds) break;
            before = stale;
            _session.PrepareAgain(_givenUp.Token);
        }

        _session.Tidy();
        // That may have taken a while.
        if (_isOvertaken || round == Rounds || _session.Stale is not (> GatePace.FewEnough and var left) || _session.Failures.Count > 0) return;
        MakeAgain();
        _isOvertaken = GatePace.IsInVain(left, _session.Stale);
    }

    private void MakeAgain()
    {
        _session.PrepareAgain(_givenUp.Token);
        _session.Tidy();
    }

    /// <summary>Work that runs the service's code, on a thread of its own. The problems. A thread that does not return is lost; its actor is not.</summary>
    private async Task<Objections> Bounded(Action work)
    {
        var since = _kernel.Time.GetUtcNow();
        var working = OwnThreads.Run(work);
        return await Ends(working) ? new Objections(Failed()) : await GiveUp(working, since);
    }

    /// <summary>The same, waited for by this thread, which then goes on at once. In the pool all that is busy would be before it.</summary>
    private Task<Objections> BoundedHere(Action work)
    {
        if (Thread.CurrentThread.IsThreadPoolThread) return Bounded(work); // after a round that was given up
        var since = _kernel.Time.GetUtcNow();
        var working = OwnThreads.Run(work);
        using var isOver = new CancellationTokenSource();
        Task.WaitAny(working, Task.Delay(_within, _kernel.Time, isOver.Token));
        isOver.Cancel();
        return working.IsCompleted ? Ended() : GiveUp(working, since);

        async Task<Objections> Ended()
        {
            await working;
            return new Objections(Failed());
        }
    }

    /// <summary>The deadline is over.</summary>
    private async Task<Objections> GiveUp(Task working, DateTimeOffset since)
    {
        await _givenUp.CancelAsync();
        await Task.WhenAny(working, Task.Delay(Grace, _kernel.Time));
        string[] held = [.. _kernel.Cells.Where(actor => actor.BreakPreparation()).Select(actor =>
            $"{actor} ({actor.Binding.Name}) cannot be carried over: an Upgrade of its state or of what its timers bring, or a constructor or initializer there, did not end {InTime}")];
        // Nobody is held, and whoever was in the service's code may just be about to tell what that has thrown.
        if (held.Length == 0) await Task.WhenAny(working, Task.Delay(Grace, _kernel.Time));
        Hold(working, since);
        if (working is { IsFaulted: true, Exception.InnerException: not OperationCanceledException }) await working;
        var makesFirstState = _makesFirstState; // before what has failed: see there
        var failed = Failed();
        if (held.Length > 0) return new Objections([.. failed, .. held]);
        return makesFirstState
            ? new Objections([.. failed, $"The first state of an actor that the release adds was not made {InTime}"])
            : new Objections([.. failed, $"Not all of {_kernel.Count.ToString("N0", CultureInfo.InvariantCulture)} actors could be prepared within {_within.TotalSeconds:0} s, with as much as the node has to do. Try again when it has less to do."], Transient: failed.Count == 0);
    }

    /// <summary>Whether it ends within the deadline. Throws what it has thrown; the service's own exceptions are caught actor by actor.</summary>
    private Task<bool> Ends(Task work) => Deadlines.AreKept(work, _within, _kernel.Time);

    /// <summary>The service's code that goes on keeps the version.</summary>
    private void Hold(Task working, DateTimeOffset since)
    {
        if (!working.IsCompleted) _next.Hosted.AddCall(working, "an Upgrade, constructor, initializer or first state", since);
    }

    private string HungAtGate(ActorCell actor) =>
        $"{actor} ({actor.Binding.Name}) cannot be carried over: an Upgrade of its state or of what its timers bring, or a constructor or initializer there, hung with the gate closed, which was opened again, and did not end {InTime}";

    private string InTime => $"within {_within.TotalSeconds:0} s. Let it do no more than compute; it must not wait, lock or do I/O.";

    private List<string> Failed()
    {
        List<string> failed = [.. _withoutFirstState, .. _session.Failures.Select(f => $"{f.Actor} ({f.Behavior}) cannot be carried over: {f.Cause.Message}")];
        if (_session.Unnamed is > 0 and var more) failed.Add(Notices.MoreFailed(more));
        return failed;
    }
}
