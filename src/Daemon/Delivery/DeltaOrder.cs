using WatchReload.Control;
using WatchReload.Daemon.Releases;

namespace WatchReload.Daemon.Delivery;

/// <summary>A delta on its way to the node that it was made against.</summary>
/// <param name="Delta">What is applied.</param>
/// <param name="Release">The newest release before it.</param>
/// <param name="To">The node as it was when the delta was made: any other is refused.</param>
internal sealed record DeltaOrder(TreeDelta Delta, Release Release, NodeStatus To, string Cause, TimeSpan Probation);
