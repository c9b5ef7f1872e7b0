using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using WatchReload.Control;
using WatchReload.Daemon.Releases;

namespace WatchReload.Daemon.Cli.Verbs;

/// <summary>What verbs that ask print with <c>--json</c>. Members that are null are there, as null.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(NodeStatus))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(HistoryEntry))]
[JsonSerializable(typeof(ReleaseAnswer))]
[JsonSerializable(typeof(InitAnswer))]
[JsonSerializable(typeof(HookAnswer))]
internal sealed partial class VerbJson : JsonSerializerContext;
