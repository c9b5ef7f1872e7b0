using System.Runtime.CompilerServices;
using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting.Upgrading;

/// <summary>Has every actor change over to the version that is current, also those that nobody writes to.</summary>
/// <param name="isLate">Whether the commit has left the actor behind.</param>
internal sealed class Sweep(ActorKernel kernel, Func<ActorCell, bool> isLate)
{
    /// <summary>So many late ones are waited for: their states may be made before they are told apart in a report.</summary>
    private const int MostAwaited = 1000;

    /// <summary>What takes longer to carry over does so while the new version goes on.</summary>
    private static readonly TimeSpan StatePatience = TimeSpan.FromSeconds(1);

    private readonly List<ActorCell> _onTheWay = [];
    private readonly List<ActorCell> _awaited = [];
    private volatile bool _nobodyWaits;
    private int _arrived;
    private int _late;

    /// <summary>How many are on the current version; the late ones are told apart.</summary>
    public int Arrived
    {
        get
        {
            // Some thread of it has not come back: nobody knows how far that one had got.
            if (_nobodyWaits) return kernel.Cells.Count(actor => IsCurrent(actor) && !WasLate(actor));
            lock (_onTheWay) return _arrived;
        }
    }

    /// <summary>How many late ones it has met.</summary>
    public int Late => Volatile.Read(ref _late);

    /// <summary>Goes to all, and then waits for those that were about to have a turn, or in one, or, for a moment, whose states are being made now. On a thread that may wait.</summary>
    public void Run()
    {
        kernel.InParallel(GoTo, CancellationToken.None);
        SpinWait.SpinUntil(() => _nobodyWaits || !(IsSomeOnTheWay() || IsSomeChanging()));
    }

    /// <summary>It need not wait any more.</summary>
    public void NobodyWaits() => _nobodyWaits = true;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void GoTo(ArraySegment<ActorCell> actors)
    {
        var (left, late, lateAndLeft) = (new List<ActorCell>(), 0, new List<ActorCell>());
        foreach (var actor in actors)
        {
            var wasLate = WasLate(actor); // asked before
            actor.Sweep();
            if (wasLate) late++;
            if (IsCurrent(actor)) continue;
            if (wasLate) actor.ForgetStaleCandidate(kernel.Current);
            (wasLate ? lateAndLeft : left).Add(actor);
        }

        lock (_onTheWay)
        {
            _arrived += actors.Count - left.Count - late;
            _late += late;
            _onTheWay.AddRange(left);
            _awaited.AddRange(lateAndLeft.Take(MostAwaited - _awaited.Count));
        }
    }

    /// <summary>It is the commit that has left it behind. A connection that was accepted under the closed gate has had no turn that could be late, though it may have had one in the new code by now.</summary>
    private bool WasLate(ActorCell actor) => actor.HadTurnBefore(kernel.Current) && isLate(actor);

    private bool IsSomeOnTheWay()
    {
        lock (_onTheWay)
        {
            _arrived += _onTheWay.RemoveAll(IsCurrent);
            return _onTheWay.Exists(IsOnTheWay);
        }
    }

    private bool IsSomeChanging() => _awaited.Exists(IsChanging);

    private bool IsCurrent(ActorCell actor) => ReferenceEquals(actor.Binding.Version, kernel.Current);

    private bool IsOnTheWay(ActorCell actor) => actor.ChangesTo is { } target ? IsMadeNow(actor, target) : !(actor.IsParked || actor.IsSuspended || actor.IsStopped);

    private bool IsChanging(ActorCell actor) => actor.ChangesTo is { } target && IsMadeNow(actor, target);

    /// <summary>Its state for the version that is current is being made, and has not been for long.</summary>
    private bool IsMadeNow(ActorCell actor, CodeVersion target) => ReferenceEquals(target, kernel.Current) && !(actor.WaitsSince is { } since && kernel.Time.GetUtcNow() - since >= StatePatience);
}
