using System.Text.Json;
using System.Text.Json.Serialization;
using WatchReload.Control;

namespace WatchReload.Daemon.Flow;

/// <summary>What was rolled back from: the tree by content, and the commit.</summary>
/// <param name="Tree">Source hash of the tree as it was; null when it was not known, or was not what served.</param>
/// <param name="Commit">That served; null when the release had none.</param>
/// <param name="By">Who.</param>
/// <param name="Time">When.</param>
internal sealed record RolledBackFrom(string? Tree, string? Commit, string? By, DateTimeOffset Time);

/// <summary>
/// Remembers what was rolled back from: <c>watch</c> does not bring that tree back by itself, and a pull does not bring that commit back.
/// Any other tree or commit, or an explicit reload, ends it.
/// </summary>
internal sealed class RolledBack(StateDirectory state)
{
    private string File => Path.Combine(state.Root, "rolled-back");

    /// <summary>The latest; null when there was none since the last deploy.</summary>
    public RolledBackFrom? Latest
    {
        get
        {
            try
            {
                return JsonSerializer.Deserialize(System.IO.File.ReadAllBytes(File), RolledBackJson.Default.RolledBackFrom);
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
            {
                return null;
            }
        }
    }

    public void Remember(RolledBackFrom from) => DurableFile.Write(File, JsonSerializer.SerializeToUtf8Bytes(from, RolledBackJson.Default.RolledBackFrom));

    /// <summary>The rollback came to nothing: it is as before.</summary>
    public void Restore(RolledBackFrom? before)
    {
        if (before is null)
            Forget();
        else
            Remember(before);
    }

    public bool IsFrom(string? sourceHash) => sourceHash is not null && Latest?.Tree == sourceHash;

    public void Forget() => DurableFile.Delete(File);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RolledBackFrom))]
internal sealed partial class RolledBackJson : JsonSerializerContext;
