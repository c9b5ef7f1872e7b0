using WatchReload.Control;
using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting.Upgrading;

/// <summary>
/// The actors as they are now: how many there are of each behavior, how many are late or parked, and some of these by name. There may be a million of them, so each is looked at once,
/// and nothing is made for one that is only counted.
/// </summary>
internal sealed class Census
{
    private readonly Dictionary<string, int> _byBehavior = [];
    private readonly List<ActorNotice> _late = [];
    private readonly List<ActorNotice> _parked = [];

    private Census(ActorKernel kernel)
    {
        string? behavior = null;
        var alike = 0;
        foreach (var actor in kernel.Cells)
        {
            var binding = actor.Binding;
            // Those that follow each other are mostly of one behavior.
            if (!ReferenceEquals(binding.Name, behavior))
            {
                Add(behavior, alike);
                (behavior, alike) = (binding.Name, 0);
            }

            alike++;
            if (actor.ParkedNotice is { } parked) Parked(actor, parked.Reason, parked.Since);
            else if (!ReferenceEquals(binding.Version, kernel.Current) && !actor.IsParked && !actor.IsStopped) Late(actor);
        }

        Add(behavior, alike);
        Actors = new ActorCounts(_byBehavior.Values.Sum(), _byBehavior);
    }

    public ActorCounts Actors { get; }

    /// <summary>Those that are on an earlier version; at most <see cref="ActorNotice.MostNamed"/> of them.</summary>
    public IReadOnlyList<ActorNotice> NamedLate => _late;

    /// <summary>At most <see cref="ActorNotice.MostNamed"/> of those that are parked.</summary>
    public IReadOnlyList<ActorNotice> NamedParked => _parked;

    /// <summary>All of them.</summary>
    public int LateCount { get; private set; }

    /// <summary>All of them.</summary>
    public int ParkedCount { get; private set; }

    public static Census Of(ActorKernel kernel) => new(kernel);

    private void Late(ActorCell actor)
    {
        if (LateCount++ < ActorNotice.MostNamed) _late.Add(Notices.Late(actor));
    }

    private void Parked(ActorCell actor, string reason, DateTimeOffset since)
    {
        if (ParkedCount++ < ActorNotice.MostNamed) _parked.Add(Notices.Parked(actor, reason, since));
    }

    private void Add(string? behavior, int more)
    {
        if (behavior is not null) _byBehavior[behavior] = _byBehavior.GetValueOrDefault(behavior) + more;
    }
}
