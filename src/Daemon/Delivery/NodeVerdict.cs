using WatchReload.Control;

namespace WatchReload.Daemon.Delivery;

/// <summary>What became of a delivery at one node.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Report">The node's own, or what its status tells when the connection was lost on the way.</param>
internal sealed record NodeVerdict(string Node, ReloadReport Report)
{
    /// <summary>The connection was lost, and the node could not be asked what became of it.</summary>
    public bool Unknown { get; init; }

    public bool Serves => Report.Verdict is ReloadVerdict.Committed or ReloadVerdict.Unchanged or ReloadVerdict.Rehearsed;

    /// <summary>Refused on the way to the node, which says nothing of the release.</summary>
    public static NodeVerdict Refused(string node, int version, params IReadOnlyList<string> problems) =>
        new(node, new ReloadReport { Verdict = ReloadVerdict.Refused, Version = version, Problems = problems, Transient = true });
}
