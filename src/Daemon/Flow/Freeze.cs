using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using WatchReload.Control;

namespace WatchReload.Daemon.Flow;

/// <summary>Nothing is deployed until somebody lifts it: <c>STATE/frozen</c>. It outlives daemons; a file that cannot be read freezes all the same.</summary>
/// <param name="By">Who froze.</param>
/// <param name="Since">When.</param>
/// <param name="Reason">Why, in their words.</param>
internal sealed record Freeze(string By, DateTimeOffset Since, string? Reason)
{
    /// <summary>For a person: who, when, why.</summary>
    public string Sentence => string.Create(CultureInfo.InvariantCulture, $"Deploys are frozen by {By} since {Since.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC{(Reason is null ? "" : $": {Reason.TrimEnd('.')}")}.");

    /// <summary>The one in force; null when there is none.</summary>
    public static Freeze? Read(StateDirectory state)
    {
        var file = FileIn(state);
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(file), FreezeJson.Default.Freeze);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException)
        {
            return new Freeze("somebody", new DateTimeOffset(File.GetLastWriteTimeUtc(file), TimeSpan.Zero), $"{file} is damaged");
        }
    }

    public void Begin(StateDirectory state) => DurableFile.Write(FileIn(state), JsonSerializer.SerializeToUtf8Bytes(this, FreezeJson.Default.Freeze));

    public static void End(StateDirectory state) => DurableFile.Delete(FileIn(state));

    private static string FileIn(StateDirectory state) => Path.Combine(state.Root, "frozen");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Freeze))]
internal sealed partial class FreezeJson : JsonSerializerContext;
