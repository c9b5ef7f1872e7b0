using System.Collections.Concurrent;
using System.Diagnostics;

namespace WatchReload.Hosting.Kernel;

/// <summary>
/// Prepares every actor's next state beside the one that serves, and switches all of them at once.
/// </summary>
/// <remarks>
/// Theory of operation. After <see cref="ActorKernel.BeginSession"/> each turn that starts, and each actor that is spawned, puts
/// the actor on the list <see cref="_ran"/>. <see cref="PrepareAll"/> makes a candidate for every actor; one that is
/// in a turn just then goes on the list too. <see cref="PrepareAgain"/> works the list off while the old code serves. Under the gate no turn
/// starts: what is on the list then is made again at rest, or named late if its turn is suspended, still on a CPU, or
/// its state took longer to copy than the gate may last. When there is more than the gate has time for it opens again; what is too much
/// for the last round as well is late. Then one write switches. A candidate is used only if no turn has
/// started since it was made, so a late actor can never lose what its turn did.
/// What can never happen: an actor on the new version with a state older than its last turn; a refusal that has
/// changed anything an actor can see.
/// </remarks>
internal sealed class UpgradeSession(ActorKernel kernel, CodeVersion target, int number)
{
    private readonly ConcurrentQueue<ActorCell> _ran = new();
    private readonly ConcurrentQueue<PrepareFailure> _failures = new();
    private readonly ConcurrentDictionary<ActorCell, byte> _large = new();
    private int _larges;

    public CodeVersion Target { get; } = target;

    public IReadOnlyCollection<PrepareFailure> Failures => _failures;

    /// <summary>How many actors ran since their candidate was made.</summary>
    public int Stale => _ran.Count;

    /// <summary>A turn of the actor starts: its candidate is about to be stale.</summary>
    public void Touched(ActorCell actor)
    {
        if (actor.ListedBy == number) return;
        actor.ListedBy = number;
        _ran.Enqueue(actor);
    }

    /// <summary>Makes a candidate for every actor, on all processors, while the old code serves.</summary>
    public void PrepareAll(CancellationToken cancellation) => kernel.InParallel(actors => Prepare(actors), cancellation);

    /// <summary>Makes candidates again for those that ran, once each.</summary>
    public void PrepareAgain(CancellationToken cancellation)
    {
        var batches = new List<List<ActorCell>>();
        for (var left = _ran.Count; left > 0 && _ran.TryDequeue(out var actor); left--)
        {
            actor.ListedBy = 0;
            if (batches.Count == 0 || batches[^1].Count == BatchSize) batches.Add([]);
            batches[^1].Add(actor);
        }

        OwnThreads.ForEach(batches, Prepare, cancellation);
    }

    /// <summary>
    /// Under the closed gate: brings the rest up to date. Returns the late ones with why, or null when <paramref name="limit"/> did not suffice
    /// and the gate must open again. In the <paramref name="last"/> round those that the limit did not suffice for are late.
    /// </summary>
    public Dictionary<ActorCell, LateReason>? PrepareAtGate(IReadOnlyList<ActorCell> onCpu, TimeSpan limit, bool last = false)
    {
        var started = Stopwatch.GetTimestamp();
        var late = new Dictionary<ActorCell, LateReason>();
        foreach (var actor in onCpu) late[actor] = LateReason.InTurn;
        var passage = new Passage(Target);
        var inTime = true;
        while (_ran.TryDequeue(out var actor))
        {
            actor.ListedBy = 0;
            if (late.ContainsKey(actor) || actor.IsStopped) continue;
            LateReason? reason = actor.IsSuspended ? LateReason.InTurn : _large.ContainsKey(actor) ? LateReason.SlowState : !inTime ? LateReason.NoTime : null;
            if (reason is { } why)
            {
                late.Add(actor, why);
                continue;
            }

            try
            {
                actor.PrepareAtRest(passage);
            }
            catch (Exception cause)
            {
                Fail(actor, cause);
            }

            inTime = Stopwatch.GetElapsedTime(started) <= limit;
            if (inTime || last || _ran.IsEmpty) continue;
            foreach (var again in late.Keys) Touched(again);
            return null;
        }

        return late;
    }

    /// <summary>Lets go of all candidates.</summary>
    public void Abandon()
    {
        foreach (var actor in kernel.Cells)
        {
            actor.ForgetCandidate();
        }
    }

    private const int MostFailures = 20;
    private const int BatchSize = 256;

    private void Prepare(IList<ActorCell> actors)
    {
        var passage = new Passage(Target);
        for (var i = 0; i < actors.Count; i++)
        {
            if (!_failures.IsEmpty && _failures.Count >= MostFailures) return;
            Prepare(actors[i], passage);
        }
    }

    private void Prepare(ActorCell actor, Passage passage)
    {
        // An actor whose state is not looked at must not pass for slow as the one before it.
        passage.WasSlow = false;
        try
        {
            if (!actor.TryPrepare(passage)) Touched(actor);
        }
        catch (Exception cause)
        {
            Fail(actor, cause);
        }

        if (passage.WasSlow)
        {
            if (_large.TryAdd(actor, 0)) Interlocked.Increment(ref _larges);
        }
        else if (Volatile.Read(ref _larges) > 0 && _large.TryRemove(actor, out _))
        {
            Interlocked.Decrement(ref _larges);
        }
    }

    private void Fail(ActorCell actor, Exception cause)
    {
        // One that is parked already is not made worse by staying so.
        if (!actor.IsParked) _failures.Enqueue(new PrepareFailure(actor.ToString(), actor.Binding.Name, cause));
    }
}

/// <summary>An actor whose next state could not be made.</summary>
internal sealed record PrepareFailure(string Actor, string Behavior, Exception Cause);
