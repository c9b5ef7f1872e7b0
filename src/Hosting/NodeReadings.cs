using WatchReload.Control;
using WatchReload.Hosting.Kernel;
using WatchReload.Hosting.Upgrading;

namespace WatchReload.Hosting;

/// <summary>What the metrics are made of, read while everything goes on: each number by itself is right, two may differ by a moment.</summary>
internal sealed record NodeReadings(NodeStatus Status, ReloadStatistics Reloads, ActorKernel Kernel, IReadOnlyList<(string Listener, long Received, long Sent)> Bytes, int PackageContexts);
