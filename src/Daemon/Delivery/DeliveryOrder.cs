using WatchReload.Daemon.Releases;

namespace WatchReload.Daemon.Delivery;

/// <summary>A release on its way to the nodes.</summary>
internal sealed record DeliveryOrder(Release Release, string Cause)
{
    /// <summary>An older release: mappings may narrow.</summary>
    public bool Rollback { get; init; }

    /// <summary>Even if the content is what runs already.</summary>
    public bool Force { get; init; }

    /// <summary>Everything up to the gate, then let go.</summary>
    public bool Rehearse { get; init; }

    public bool RefuseStragglers { get; init; }

    public TimeSpan Probation { get; init; } = TimeSpan.FromSeconds(30);
}
