using System.Text.Json.Serialization;

namespace WatchReload.Daemon.Resident;

/// <summary>The answer of the daemon to <c>GET /v1/status</c>.</summary>
/// <param name="Mode">watch, run, daemon.</param>
/// <param name="Busy">Whether an attempt is under way.</param>
internal sealed record ResidentStatus(int Pid, string Mode, string Project, string Configuration, int? BuilderPid, IReadOnlyList<string> Nodes, bool Busy);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ResidentStatus))]
internal sealed partial class ResidentJson : JsonSerializerContext;
