using System.Text.Json.Serialization;

namespace WatchReload.Control;

/// <summary>The body of every answer that is not 2xx.</summary>
public sealed record PipeError(string Error, string Remedy);

/// <summary>The answer to <c>GET /v1/nonce</c>.</summary>
internal sealed record NonceAnswer(string Nonce);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PipeError))]
[JsonSerializable(typeof(NonceAnswer))]
internal sealed partial class PipeJson : JsonSerializerContext;
