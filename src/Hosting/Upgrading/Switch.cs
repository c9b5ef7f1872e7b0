using System.Diagnostics;
using WatchReload.Control;
using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting.Upgrading;

/// <summary>
/// Prepares every actor and switches: steps 4 to 6 of a reload. Until <see cref="Commit"/> has returned a success nothing that serves is touched.
/// </summary>
internal sealed class Switch : IDisposable
{
    private const int Rounds = 6;
    private const int FewEnough = 256;
    private static readonly TimeSpan TurnPatience = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan SweepPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan GateLimit = TimeSpan.FromMilliseconds(4);

    private readonly ActorKernel _kernel;
    private readonly ServiceVersion _next;
    private readonly UpgradeSession _session;
    private readonly List<(string Name, BehaviorBinding Binding, object First)> _added = [];
    private readonly List<ActorCell> _spawned = [];
    private bool _committed;

    public Switch(ActorKernel kernel, ServiceVersion next)
    {
        _kernel = kernel;
        _next = next;
        _session = kernel.BeginSession(next);
    }

    public double GateMilliseconds { get; private set; }

    public IReadOnlyDictionary<ActorCell, LateReason> Late { get; private set; } = new Dictionary<ActorCell, LateReason>();

    /// <summary>Candidates for all, first states for the actors that are added. The problems; empty when all is prepared.</summary>
    public IReadOnlyList<string> Prepare(CancellationToken cancellation)
    {
        var problems = new List<string>();
        foreach (var (name, declared) in _next.Declaration.Actors)
        {
            if (_kernel.FindNamed(name) is { IsStopping: false }) continue;
            try
            {
                _added.Add((name, _next.FindBehavior(BehaviorBinding.NameOf(declared.Behavior))!, _next.FirstState(name)));
            }
            catch (Exception cause)
            {
                problems.Add($"The first state of '{name}' cannot be made: {cause.GetType().Name}: {cause.Message}");
            }
        }

        _session.PrepareAll(cancellation);
        CatchUp(cancellation);
        problems.AddRange(Failed());
        return problems;
    }

    /// <summary>Works off the actors that ran meanwhile, until they are few or no longer get fewer.</summary>
    public void CatchUp(CancellationToken cancellation)
    {
        for (var (round, before) = (0, int.MaxValue); round < Rounds && _session.Stale is var stale && stale > FewEnough && stale < before && _session.Failures.Count == 0; round++)
        {
            before = stale;
            _session.PrepareAgain(cancellation);
        }
    }

    /// <summary>Closes the gate, brings the rest up to date, writes the version, opens the gate. The problems, when it refused.</summary>
    public Objections Commit(bool refuseStragglers, bool onTrial, CancellationToken cancellation)
    {
        for (var round = 1; ; round++)
        {
            var closed = Stopwatch.GetTimestamp();
            _kernel.Gate.Close();
            try
            {
                var onCpu = _kernel.Gate.AwaitTurns(TurnPatience);
                var late = _session.PrepareAtGate(onCpu, GateLimit, last: round == Rounds);
                if (_session.Failures.Count > 0) return new Objections(Failed());
                if (late is not null)
                {
                    if (refuseStragglers && late.Count > 0) return new Objections([.. late.Select(l => Notices.Straggler(l.Key, l.Value))], Transient: true);
                    foreach (var (name, binding, first) in _added) _spawned.Add(_kernel.Spawn(binding, new ActorRole(ActorKind.Named, name), first));
                    // A candidate that will not be used would hold this version for as long as the turn lasts.
                    foreach (var actor in late.Keys) actor.ForgetCandidate();
                    PausePoint.Reach("gate");
                    _kernel.Commit(_next, onTrial);
                    _kernel.EndSession();
                    _committed = true;
                    Late = late;
                    return new Objections([]);
                }
            }
            finally
            {
                _kernel.Gate.Open();
                GateMilliseconds = Stopwatch.GetElapsedTime(closed).TotalMilliseconds;
            }

            _session.PrepareAgain(cancellation);
        }
    }

    /// <summary>Changes over the actors that nobody writes to, and waits until all have that can. How many have; the late ones are told apart.</summary>
    public async Task<int> ChangeOver()
    {
        foreach (var actor in _spawned) actor.Wake();
        // First turns in the new code run here. One that blocks its thread must not keep the node from its next reload.
        var sweep = new Sweep(_kernel, Late);
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

        return sweep.Arrived;
    }

    public void Dispose()
    {
        if (_committed) return;
        _kernel.EndSession();
        _session.Abandon();
    }

    private List<string> Failed() => [.. _session.Failures.Select(f => $"{f.Actor} ({f.Behavior}) cannot be carried over: {f.Cause.Message}")];
}
