using System.Text.Json.Serialization;

namespace WatchReload.Control;

/// <summary>JSON of everything that passes the pipe or lies in the state directory: camel case, enums by camel-case name, nulls left out, and refused where none may be, as what is missing is.</summary>
/// <remarks>
/// The generated reader sets every <c>init</c> property, with null or 0 where the JSON has none, whatever its initializer says. So the setters of lists put the initializer's
/// value in place of null, and a number whose default is another than 0 is required.
/// </remarks>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
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
[JsonSerializable(typeof(FallenBack))]
public sealed partial class ControlJson : JsonSerializerContext;
