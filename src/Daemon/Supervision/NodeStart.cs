using WatchReload.Control;
using WatchReload.Daemon.Events;

namespace WatchReload.Daemon.Supervision;

/// <summary>What became of starting a node.</summary>
internal abstract record NodeStart
{
    internal sealed record Serving(NodeProcess Process, NodeStatus Status, double Milliseconds) : NodeStart
    {
        /// <summary>It could not start on that, and was started on another.</summary>
        public string? FellBackFrom { get; init; }

        public NodeStarted Event(string node) => new(node, Process.Pid, Status.Version, Status.Release)
        {
            FellBackFrom = FellBackFrom,
            Commit = Status.Commit,
            Milliseconds = Milliseconds,
            Listeners = Status.ListenersByName(),
        };
    }

    /// <param name="Problems">Every cause with its remedy.</param>
    /// <param name="Pid">0 when there was no process.</param>
    /// <param name="ExitCode">Null when it was ended because it did not serve in time.</param>
    internal sealed record Failed(IReadOnlyList<string> Problems, int Pid, int? ExitCode) : NodeStart
    {
        /// <summary>A port in use, a time-out: it says nothing of the release.</summary>
        public bool Transient { get; init; }

        /// <summary>What prevented it lies around the node, not in the release.</summary>
        public static Failed By(Exception cause, string node) =>
            new([$"Node {node} could not be started: {cause.Message}{(cause is ControlException { Remedy: var remedy } ? " " + remedy : "")}"], 0, null) { Transient = true };

        /// <param name="node">Its name.</param>
        /// <param name="restart">When it is tried again; null: not by itself.</param>
        public NodeExited Event(string node, TimeSpan? restart) => new(node, Pid, ExitCode, restart?.TotalMilliseconds) { Problems = Problems };
    }
}

/// <summary>What became of starting a node anew.</summary>
/// <param name="Start">On what was wanted.</param>
/// <param name="Instead">It could not, and serves as it did before; null when it does not serve, or needs no other.</param>
internal sealed record NodeRestart(NodeStart Start, NodeStart.Serving? Instead);

internal static class NodeListeners
{
    public static IReadOnlyDictionary<string, string> ListenersByName(this NodeStatus status) => status.Listeners.ToDictionary(l => l.Name, l => l.Endpoint);
}
