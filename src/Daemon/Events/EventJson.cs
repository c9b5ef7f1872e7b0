using System.Text.Json.Serialization;

namespace WatchReload.Daemon.Events;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DaemonEvent))]
internal sealed partial class EventJson : JsonSerializerContext;
