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
/// its state took longer to copy than the gate may last. Then one write switches. A candidate is used only if no turn has
/// started since it was made, so a late actor can never lose what its turn did.
/// What can never happen: an actor on the new version with a state older than its last turn; a refusal that has
/// changed anything an actor can see.
/// </remarks>
internal sealed class UpgradeSession(ActorKernel kernel, CodeVersion target, int number)
{
    private readonly ConcurrentQueue<ActorCell> _ran = new();
    private readonly ConcurrentQueue<PrepareFailure> _failures = new();
    private readonly ConcurrentDictionary<ActorCell, byte> _large = new();

    /// <summary>States that take longer than this to copy are not copied under the gate.</summary>
    private static readonly TimeSpan CopyLimit = TimeSpan.FromMilliseconds(2);

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
    public void PrepareAll(CancellationToken cancellation) =>
        Parallel.ForEach(kernel.Cells, Options(cancellation), (actor, loop) =>
        {
            Prepare(actor);
            if (!_failures.IsEmpty && _failures.Count >= MostFailures) loop.Stop();
        });

    /// <summary>Makes candidates again for those that ran, once each.</summary>
    public void PrepareAgain(CancellationToken cancellation)
    {
        var batch = new List<ActorCell>();
        for (var left = _ran.Count; left > 0 && _ran.TryDequeue(out var actor); left--)
        {
            actor.ListedBy = 0;
            batch.Add(actor);
        }

        Parallel.ForEach(batch, Options(cancellation), Prepare);
    }

    /// <summary>
    /// Under the closed gate: brings the rest up to date. Returns the late ones, or null when <paramref name="limit"/> did not suffice
    /// and the gate must open again.
    /// </summary>
    public HashSet<ActorCell>? PrepareAtGate(IReadOnlyList<ActorCell> onCpu, TimeSpan limit)
    {
        var started = Stopwatch.GetTimestamp();
        var late = new HashSet<ActorCell>(onCpu);
        while (_ran.TryDequeue(out var actor))
        {
            actor.ListedBy = 0;
            if (late.Contains(actor) || actor.IsStopped) continue;
            if (actor.IsSuspended || _large.ContainsKey(actor))
            {
                late.Add(actor);
                continue;
            }

            try
            {
                actor.PrepareAtRest(Target);
            }
            catch (Exception cause)
            {
                Fail(actor, cause);
            }

            if (Stopwatch.GetElapsedTime(started) <= limit || _ran.IsEmpty) continue;
            foreach (var again in late) Touched(again);
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

    private static ParallelOptions Options(CancellationToken cancellation) =>
        new() { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount };

    private void Prepare(ActorCell actor)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            if (!actor.TryPrepare(Target)) Touched(actor);
        }
        catch (Exception cause)
        {
            Fail(actor, cause);
        }

        if (Stopwatch.GetElapsedTime(started) > CopyLimit) _large.TryAdd(actor, 0);
        else _large.TryRemove(actor, out _);
    }

    private void Fail(ActorCell actor, Exception cause)
    {
        // One that is parked already is not made worse by staying so.
        if (!actor.IsParked) _failures.Enqueue(new PrepareFailure(actor.ToString(), actor.Binding.Name, cause));
    }
}

/// <summary>An actor whose next state could not be made.</summary>
internal sealed record PrepareFailure(string Actor, string Behavior, Exception Cause);
