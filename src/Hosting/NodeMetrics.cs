using WatchReload.Control;
using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting;

/// <summary>The node's state as Prometheus text. Names are stable; docs/operating.md has them all.</summary>
internal static class NodeMetrics
{
    private const int CountedMessages = 10_000;
    private const double MillisecondsInSecond = 1000;

    public static string Text(NodeReadings node)
    {
        var text = new MetricsText();
        Versions(text, node);
        Reloads(text, node);
        Actors(text, node.Kernel, node.Status);
        Connections(text, node);
        return text.ToString();
    }

    private static void Versions(MetricsText text, NodeReadings node)
    {
        var status = node.Status;
        text.Gauge("watchreload_version", "Number of the version that serves.", status.Version);
        text.Gauge("watchreload_uptime_seconds", "Seconds since the node's start.", status.UptimeSeconds);
        text.Gauge("watchreload_on_trial", "1 while the version that serves is on trial.", status.Trial is null ? 0 : 1);
        text.Gauge("watchreload_versions_retired_alive", "Earlier versions still in memory.", status.OldVersions.Count(v => v.State != "unloaded"));
        text.Family("watchreload_old_versions", "gauge", "Earlier versions by what has become of them.");
        foreach (var state in (string[])["unloaded", "retiring", "lingering", "kept"])
            text.Sample("watchreload_old_versions", status.OldVersions.Count(v => v.State == state), ("state", state));
        text.Gauge("watchreload_package_contexts", "Package sets in memory; each stays for the life of the process.", node.PackageContexts);
        // The runtime counts full collections without telling those that stop everything from those in the background; of the former it knows the last.
        text.Gauge("watchreload_gc_blocking_full_last", "Number of the last garbage collection that was full and blocking; 0: there was none.", GC.GetGCMemoryInfo(GCKind.FullBlocking).Index);
    }

    private static void Reloads(MetricsText text, NodeReadings node)
    {
        var (status, reloads) = (node.Status, node.Reloads);
        text.Counter("watchreload_reloads_committed_total", "Reloads that serve or served.", status.Reloads.Committed);
        text.Counter("watchreload_reloads_refused_total", "Reloads that were refused or taken back.", status.Reloads.Refused);
        text.Family("watchreload_reload_verdicts_total", "counter", "Reloads by verdict.");
        foreach (var (verdict, count) in reloads.Verdicts)
            text.Sample("watchreload_reload_verdicts_total", count, ("verdict", Camel(verdict.ToString())));
        text.Family("watchreload_trials_total", "counter", "Trials by how they ended.");
        foreach (var (outcome, count) in reloads.Trials)
            text.Sample("watchreload_trials_total", count, ("outcome", Camel(outcome.ToString())));
        text.Family("watchreload_reload_phase_seconds", "summary", "How long the phases of reloads took.");
        foreach (var (phase, (count, milliseconds)) in reloads.Phases)
        {
            text.Sample("watchreload_reload_phase_seconds_sum", milliseconds / MillisecondsInSecond, ("phase", phase));
            text.Sample("watchreload_reload_phase_seconds_count", count, ("phase", phase));
        }

        var gates = reloads.Gates;
        text.Family("watchreload_reload_gate_seconds", "summary", "How long no turn could start, at the longest: one closing of the gate for each reload that was committed.");
        text.Sample("watchreload_reload_gate_seconds_sum", gates.Milliseconds / MillisecondsInSecond);
        text.Sample("watchreload_reload_gate_seconds_count", gates.Count);
        text.Gauge("watchreload_reload_gate_seconds_max", "The longest of these since the node's start.", gates.Longest / MillisecondsInSecond);
    }

    private static void Actors(MetricsText text, ActorKernel kernel, NodeStatus status)
    {
        var actors = new SortedDictionary<(string Behavior, int Version), int>();
        var (queued, longest) = (0L, 0);
        foreach (var cell in kernel.Cells)
        {
            var binding = cell.Binding;
            var key = (binding.Name, binding.Version.Number);
            actors[key] = actors.GetValueOrDefault(key) + 1;
            var waiting = cell.Queued(CountedMessages);
            queued += waiting;
            longest = Math.Max(longest, waiting);
        }

        text.Family("watchreload_actors", "gauge", "Live actors by behavior, and by the version that they are on.");
        foreach (var ((behavior, version), count) in actors)
            text.Sample("watchreload_actors", count, ("behavior", behavior), ("version", version.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        text.Gauge("watchreload_actors_late", "Actors still on an earlier version.", status.LateCount);
        text.Gauge("watchreload_actors_parked", "Actors that run no turns.", status.ParkedCount);
        text.Gauge("watchreload_mailbox_messages", "Messages that wait in mailboxes.", queued);
        text.Gauge("watchreload_mailbox_messages_max", "Messages that wait in the longest mailbox; counted up to 10000.", longest);
        text.Counter("watchreload_dead_letters_total", "Messages that reached nobody.", status.DeadLetters);
        text.Counter("watchreload_failed_turns_total", "Turns that ended with an exception.", kernel.Failures.Total);
    }

    private static void Connections(MetricsText text, NodeReadings node)
    {
        text.Gauge("watchreload_connections", "Open connections.", node.Status.Connections);
        text.Family("watchreload_listener_connections", "gauge", "Open connections by listener.");
        foreach (var listener in node.Status.Listeners)
            text.Sample("watchreload_listener_connections", listener.Connections, ("listener", listener.Name));
        text.Family("watchreload_received_bytes_total", "counter", "Bytes that peers have sent, by listener.");
        foreach (var (listener, received, _) in node.Bytes)
            text.Sample("watchreload_received_bytes_total", received, ("listener", listener));
        text.Family("watchreload_sent_bytes_total", "counter", "Bytes handed to the transport for peers, by listener.");
        foreach (var (listener, _, sent) in node.Bytes)
            text.Sample("watchreload_sent_bytes_total", sent, ("listener", listener));
    }

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
