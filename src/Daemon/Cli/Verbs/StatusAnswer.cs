using System.Text.Json;
using System.Text.Json.Nodes;
using WatchReload.Control;
using WatchReload.Daemon.Flow;

namespace WatchReload.Daemon.Cli.Verbs;

/// <summary>What <c>status --json</c> prints: what the node tells, and what the state directory tells beside it.</summary>
internal static class StatusAnswer
{
    public static JsonObject Of(NodeStatus status, Freeze? freeze) => With(freeze, JsonSerializer.SerializeToNode(status, VerbJson.Default.NodeStatus)!.AsObject());

    /// <summary>One of several that are configured. Its <c>pid</c> is null, and there is nothing else to tell.</summary>
    public static JsonObject OfOneThatDoesNotRun(string node, Freeze? freeze) => With(freeze, new JsonObject { ["node"] = node, ["pid"] = null });

    private static JsonObject With(Freeze? freeze, JsonObject answer)
    {
        answer["frozen"] = freeze is null ? null : JsonSerializer.SerializeToNode(freeze, FreezeJson.Default.Freeze);
        return answer;
    }
}
