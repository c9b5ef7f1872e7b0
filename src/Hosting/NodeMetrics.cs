using System.Globalization;
using System.Text;
using WatchReload.Control;

namespace WatchReload.Hosting;

/// <summary>The node's state in Prometheus text format 0.0.4. Names are stable.</summary>
internal static class NodeMetrics
{
    public static string Text(NodeStatus status)
    {
        var text = new StringBuilder();
        Metric(text, "watchreload_version", "gauge", "Number of the version that serves.", status.Version);
        Metric(text, "watchreload_connections", "gauge", "Open connections.", status.Connections);
        Metric(text, "watchreload_dead_letters_total", "counter", "Messages that reached nobody.", status.DeadLetters);
        Metric(text, "watchreload_reloads_committed_total", "counter", "Reloads that serve or served.", status.Reloads.Committed);
        Metric(text, "watchreload_reloads_refused_total", "counter", "Reloads that were refused or taken back.", status.Reloads.Refused);
        Metric(text, "watchreload_actors_late", "gauge", "Actors still on an earlier version.", status.Late.Count);
        Metric(text, "watchreload_actors_parked", "gauge", "Actors that run no turns.", status.Parked.Count);
        Metric(text, "watchreload_versions_retired_alive", "gauge", "Earlier versions still in memory.", status.OldVersions.Count(v => v.State != "unloaded"));
        Metric(text, "watchreload_uptime_seconds", "gauge", "Seconds since the node's start.", status.UptimeSeconds);
        Head(text, "watchreload_actors", "gauge", "Live actors by behavior.");
        foreach (var (behavior, count) in status.Actors.ByBehavior.OrderBy(b => b.Key, StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"watchreload_actors{{behavior=\"{Escaped(behavior)}\"}} {count}\n");
        return text.ToString();
    }

    private static void Metric(StringBuilder text, string name, string type, string help, double value)
    {
        Head(text, name, type, help);
        text.Append(CultureInfo.InvariantCulture, $"{name} {value}\n");
    }

    private static void Head(StringBuilder text, string name, string type, string help) =>
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");

    private static string Escaped(string label) => label.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
