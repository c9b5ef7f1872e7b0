using System.Text.Json.Serialization;

namespace WatchReload.Control;

/// <summary>JSON of everything that passes the pipe or lies in the state directory: camel case, enums by camel-case name, nulls left out, and refused where none may be.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ReleaseManifest))]
[JsonSerializable(typeof(ReloadRequest))]
[JsonSerializable(typeof(ReloadEvent))]
[JsonSerializable(typeof(ReloadReport))]
[JsonSerializable(typeof(NodeStatus))]
[JsonSerializable(typeof(TrialEnd))]
[JsonSerializable(typeof(BuildRequest))]
[JsonSerializable(typeof(BuildOutcome))]
[JsonSerializable(typeof(BuildEvent))]
[JsonSerializable(typeof(BuilderStatus))]
[JsonSerializable(typeof(Rendezvous))]
public sealed partial class ControlJson : JsonSerializerContext;
