using WatchReload.Daemon.Delivery;
using WatchReload.Daemon.Supervision;

namespace WatchReload.Daemon.Flow;

/// <summary>A configured node, whether it runs or not.</summary>
/// <param name="Supervisor">Null: this process only talks to it, and does not start it.</param>
internal sealed record NodeSeat(NodeLink Link, NodeDelivery Delivery, NodeSupervisor? Supervisor)
{
    public string Name => Link.Node;
}

/// <param name="BuildMs">Null: the release was there already.</param>
/// <param name="Lane">Of the build.</param>
/// <param name="LaneReason">Why not a cheaper one.</param>
/// <param name="TotalMs">From the order to now.</param>
internal sealed record DeliveryTimes(double? BuildMs, string? Lane, string? LaneReason, Func<double> TotalMs);
