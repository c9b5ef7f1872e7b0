using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace WatchReload.Hosting.Kernel;

/// <summary>
/// Prepares every actor's next state beside the one that serves, and switches all of them at once.
/// </summary>
/// <remarks>
/// Theory of operation. After <see cref="ActorKernel.BeginSession"/> each turn that starts, and each actor that is spawned, puts
/// the actor on the list <see cref="_ran"/>, where it is once at most. <see cref="PrepareAll"/> makes a candidate for every actor; one that is
/// in a turn just then goes on the list too, and one that was on it stays there as obsolete until it runs again or <see cref="Tidy"/> takes it off: <see cref="ActorCell.ListedBy"/>
/// is the session's number in the first case and minus that in the second. <see cref="PrepareAgain"/> works the list off while the old code serves. Under the gate no turn
/// starts: what is on the list then is made again at rest in a <see cref="GateRound"/>, or named late if its turn is suspended, still on a CPU, or
/// its state takes longer to copy than the gate may last. One of which that is certain is set aside by the first <see cref="PrepareAgain"/> that comes upon it, and is late: to copy it once more would hold it
/// up, and all others would run on meanwhile. When there is more than the gate has time for it opens again; what is too much
/// for the last round as well is late, and most of it is not even looked at: that there is a turn that its candidate does not know is enough, and it is still on the list. Then one write switches. A candidate is used only if no turn has
/// started since it was made, so a late actor can never lose what its turn did.
/// What can never happen: an actor on the new version with a state older than its last turn; a refusal that has
/// changed anything an actor can see.
/// </remarks>
internal sealed class UpgradeSession(ActorKernel kernel, CodeVersion target, int number)
{
    private readonly ConcurrentQueue<ActorCell> _ran = new();
    private readonly ConcurrentQueue<PrepareFailure> _failures = new();
    private readonly ConcurrentQueue<ActorCell> _aside = new();
    private readonly SlowStates _slow = new();
    private readonly HashSet<ActorCell> _slowAtGate = [];
    private int _stale;
    private int _unnamed;

    public CodeVersion Target { get; } = target;

    /// <summary>Some <see cref="MostFailures"/>: then no more actors are looked at.</summary>
    public IReadOnlyCollection<PrepareFailure> Failures => _failures;

    /// <summary>How many more actors failed, or were not looked at any more as enough had.</summary>
    public int Unnamed => Volatile.Read(ref _unnamed);

    /// <summary>How many actors ran since their candidate was made, without those that are set aside; some may have stopped since.</summary>
    public int Stale => Volatile.Read(ref _stale);

    /// <summary>Those that ran since their candidate was made and get no other, as their states take too long: they are late. Some may have stopped since.</summary>
    public IReadOnlyCollection<ActorCell> Aside => _aside;

    /// <summary>A turn of the actor starts: its candidate is about to be stale.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Touched(ActorCell actor)
    {
        while (actor.ListedBy is var listed && listed != number)
        {
            // Whoever calls this was held up until the next session has begun, and this one is of the past.
            if (Math.Abs(listed) > number) return;
            if (!actor.TryList(number, listed)) continue;
            Interlocked.Increment(ref _stale);
            if (listed != -number) _ran.Enqueue(actor);
            return;
        }
    }

    /// <summary>The actor has a candidate, and no turn can have started since it was made.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Prepared(ActorCell actor)
    {
        if (actor.TryList(-number, number)) Interlocked.Decrement(ref _stale);
    }

    /// <summary>Makes a candidate for every actor, on all processors, while the old code serves. When it is cancelled no more actors are touched.</summary>
    public void PrepareAll(CancellationToken cancellation) => kernel.InParallel(actors => Prepare(actors, cancellation), cancellation);

    /// <summary>Makes candidates again for those that ran, once each, and sets aside those whose states take too long.</summary>
    public void PrepareAgain(CancellationToken cancellation) => OwnThreads.ForEach(Batches(_ran.Count), actors => Prepare(actors, cancellation), cancellation);

    /// <summary>Takes those off the list that have not run since their candidate was made, so that nobody comes upon them under the gate. Not beside anything else that takes off it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Tidy()
    {
        for (var left = _ran.Count; left > 0 && _ran.TryDequeue(out var actor); left--)
        {
            if (!actor.TryList(0, -number)) _ran.Enqueue(actor);
        }
    }

    /// <summary>Takes one off the list of those that ran.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryTake([MaybeNullWhen(false)] out ActorCell actor)
    {
        var all = int.MaxValue;
        return TryTake(ref all, setsAside: false, out actor);
    }

    /// <summary>Those that a commit leaves behind: for <see cref="IsLate"/>.</summary>
    public void LeaveLate(IEnumerable<ActorCell> actors)
    {
        foreach (var actor in actors) Touched(actor);
    }

    /// <summary>After a commit: whether the actor was left behind, or had run since its candidate was made and was not looked at any more.</summary>
    public bool IsLate(ActorCell actor) => actor.ListedBy == number;

    /// <summary>Whether its state takes too long for the closed gate.</summary>
    public bool IsSlow(ActorCell actor) => _slow.Contains(actor) || _slowAtGate.Contains(actor);

    /// <summary>Its state took too long, whatever it takes at other times. Between two closings of the gate, or by who ends one.</summary>
    public void MarkSlow(ActorCell actor) => _slowAtGate.Add(actor);

    /// <summary>The actor's next state could not be made.</summary>
    public void Fail(ActorCell actor, Exception cause)
    {
        // One that is parked already is not made worse by staying so.
        if (actor.IsParked) return;
        if (_failures.Count < MostFailures) _failures.Enqueue(new PrepareFailure(actor.ToString(), actor.Binding.Name, cause));
        else Interlocked.Increment(ref _unnamed);
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

    /// <summary>Of so many on the list. Taken when they are about to be prepared: those that run before that are listed once.</summary>
    private IEnumerable<List<ActorCell>> Batches(int left)
    {
        while (left > 0)
        {
            var batch = new List<ActorCell>(BatchSize);
            while (batch.Count < BatchSize && TryTake(ref left, setsAside: true, out var actor)) batch.Add(actor);
            yield return batch;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryTake(ref int left, bool setsAside, [MaybeNullWhen(false)] out ActorCell actor)
    {
        while (left-- > 0 && _ran.TryDequeue(out actor))
        {
            if (setsAside && TrySetAside(actor)) continue;
            // A turn that starts just now may come between. What the next session has listed is not for this one.
            while (actor.ListedBy is var listed && (listed == number || listed == -number))
            {
                if (!actor.TryList(0, listed)) continue;
                if (listed != number) break;
                Interlocked.Decrement(ref _stale);
                return true;
            }
        }

        left = 0;
        actor = null;
        return false;
    }

    /// <summary>It stays listed as one that ran, and so late, but is on the list no more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TrySetAside(ActorCell actor)
    {
        if (actor.ListedBy != number || !_slow.IsCertain(actor)) return false;
        _aside.Enqueue(actor);
        actor.ForgetStaleCandidate(Target); // it may be large
        Interlocked.Decrement(ref _stale);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Prepare(IList<ActorCell> actors, CancellationToken cancellation)
    {
        var passage = new Passage(Target) { Session = this, GivenUp = cancellation };
        for (var i = 0; i < actors.Count && !cancellation.IsCancellationRequested; i++)
        {
            if (_failures.Count >= MostFailures)
            {
                Interlocked.Add(ref _unnamed, actors.Count - i);
                return;
            }

            Prepare(actors[i], passage);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Prepare(ActorCell actor, Passage passage)
    {
        // An actor whose state is not looked at must not pass for slow as the one before it, nor for quick.
        passage.Took = null;
        try
        {
            if (!actor.TryPrepare(passage)) Touched(actor);
        }
        catch (Exception cause)
        {
            Fail(actor, cause);
        }

        if (passage.Took is { } time) _slow.Took(actor, time);
    }
}

/// <summary>An actor whose next state could not be made.</summary>
internal sealed record PrepareFailure(string Actor, string Behavior, Exception Cause);
