using System.Globalization;
using WatchReload.Control;

namespace WatchReload.Daemon.Delivery;

/// <summary>
/// Numbers that only grow, over restarts too, so that a node can tell a request that was overtaken. What is on disk is the highest
/// number that may have been given out: numbers are reserved in blocks, and one write to disk serves many reloads. One caller at a time,
/// as deliveries are; other processes are kept apart by a lock.
/// </summary>
internal sealed class Fence(StateDirectory state, string node, TimeProvider time)
{
    private const int Block = 256;
    private static readonly TimeSpan _lockDeadline = TimeSpan.FromSeconds(10);
    private long _next;
    private long _reserved;

    private string File => Path.Combine(state.NodeDirectory(node), "fence");

    /// <summary>A number above all that were given out for this node, and above <paramref name="seen"/>, the highest that the node knows.</summary>
    public async Task<long> Next(long seen, CancellationToken cancellation)
    {
        var number = Math.Max(_next, seen + 1);
        if (number != _next || number > _reserved)
            number = await Reserve(number, cancellation);
        _next = number + 1;
        return number;
    }

    private async Task<long> Reserve(long atLeast, CancellationToken cancellation)
    {
        OwnedPath.EnsureNode(state, node);
        using var held = await FileLock.Acquire(File + ".lock", _lockDeadline, time, cancellation)
            ?? throw new StateException($"{File}.lock is held by another process for over {_lockDeadline.TotalSeconds:0} s.", "End the watchreload command that hangs, then do it again.");
        var first = Math.Max(atLeast, Read() + 1);
        _reserved = first + Block - 1;
        DurableFile.Write(File, _reserved.ToString(CultureInfo.InvariantCulture) + "\n");
        return first;
    }

    private long Read() =>
        System.IO.File.Exists(File) && long.TryParse(System.IO.File.ReadAllText(File).AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var last) ? last : 0;
}
