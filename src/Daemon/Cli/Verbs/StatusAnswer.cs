using System.Text.Json;
using System.Text.Json.Nodes;
using WatchReload.Control;
using WatchReload.Daemon.Flow;

namespace WatchReload.Daemon.Cli.Verbs;

/// <summary>What <c>status --json</c> prints: what the node tells, and what the state directory tells beside it.</summary>
internal static class StatusAnswer
{
    public static JsonObject Of(NodeStatus status, Freeze? freeze)
    {
        var answer = JsonSerializer.SerializeToNode(status, VerbJson.Default.NodeStatus)!.AsObject();
        answer["frozen"] = freeze is null ? null : JsonSerializer.SerializeToNode(freeze, FreezeJson.Default.Freeze);
        return answer;
    }
}
