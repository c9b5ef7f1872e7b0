using System.Text.Json.Serialization;

namespace WatchReload.Daemon.Resident.Hook;

/// <summary>The body of <c>POST /v1/push</c>. Who pushes is not in it: the system says that.</summary>
/// <param name="Ref"><c>refs/heads/main</c>.</param>
/// <param name="Commit">Full id.</param>
internal sealed record HookPush(string? Ref, string? Commit);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HookPush))]
internal sealed partial class HookJson : JsonSerializerContext;
