using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting.Upgrading;

/// <summary>Has every actor change over to the version that is current, also those that nobody writes to.</summary>
internal sealed class Sweep(ActorKernel kernel, IReadOnlyDictionary<ActorCell, LateReason> late)
{
    /// <summary>What takes longer to carry over does so while the new version goes on.</summary>
    private static readonly TimeSpan StatePatience = TimeSpan.FromSeconds(1);

    private readonly List<ActorCell> _onTheWay = [];
    private volatile bool _nobodyWaits;
    private int _arrived;

    /// <summary>How many are on the current version; the late ones are told apart.</summary>
    public int Arrived
    {
        get
        {
            lock (_onTheWay) return _arrived;
        }
    }

    /// <summary>Goes to all, and then waits for those that were about to have a turn, or in one, or, for a moment, whose states are being made now. On a thread that may wait.</summary>
    public void Run()
    {
        kernel.InParallel(GoTo, CancellationToken.None);
        SpinWait.SpinUntil(() => _nobodyWaits || !(IsSomeOnTheWay() || late.Keys.Any(IsChanging)));
    }

    /// <summary>It need not wait any more.</summary>
    public void NobodyWaits() => _nobodyWaits = true;

    private void GoTo(ArraySegment<ActorCell> actors)
    {
        var left = new List<ActorCell>();
        foreach (var actor in actors)
        {
            actor.Sweep();
            if (!IsCurrent(actor) || IsLate(actor)) left.Add(actor);
        }

        lock (_onTheWay)
        {
            _arrived += actors.Count - left.Count;
            _onTheWay.AddRange(left.Where(actor => !IsLate(actor)));
        }
    }

    private bool IsSomeOnTheWay()
    {
        lock (_onTheWay)
        {
            _arrived += _onTheWay.RemoveAll(IsCurrent);
            return _onTheWay.Exists(IsOnTheWay);
        }
    }

    private bool IsCurrent(ActorCell actor) => ReferenceEquals(actor.Binding.Version, kernel.Current);

    private bool IsOnTheWay(ActorCell actor) => actor.ChangesTo is { } target ? IsMadeNow(actor, target) : !(actor.IsParked || actor.IsSuspended || actor.IsStopped);

    private bool IsChanging(ActorCell actor) => actor.ChangesTo is { } target && IsMadeNow(actor, target);

    /// <summary>Its state for the version that is current is being made, and has not been for long.</summary>
    private bool IsMadeNow(ActorCell actor, CodeVersion target) => ReferenceEquals(target, kernel.Current) && !(actor.WaitsSince is { } since && kernel.Time.GetUtcNow() - since >= StatePatience);

    private bool IsLate(ActorCell actor) => late.Count > 0 && late.ContainsKey(actor);
}
