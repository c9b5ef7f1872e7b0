using WatchReload.Control;

namespace WatchReload.Daemon.Supervision;

/// <summary>What became of starting a node.</summary>
internal abstract record NodeStart
{
    internal sealed record Serving(NodeProcess Process, NodeStatus Status, double Milliseconds) : NodeStart;

    /// <param name="Problems">Every cause with its remedy.</param>
    /// <param name="ExitCode">Null when it was ended because it did not serve in time.</param>
    internal sealed record Failed(IReadOnlyList<string> Problems, int Pid, int? ExitCode) : NodeStart;
}
