using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace WatchReload.Builder.Lanes;

/// <summary>
/// What the last restore of a project depended on, by content. Lies beside the outputs; tells whether NuGet's assets are
/// those of the tree, and if not, what differs.
/// </summary>
/// <param name="Sdk">Version of the SDK.</param>
/// <param name="Properties">Global properties.</param>
/// <param name="Files">Absolute path to hash.</param>
internal sealed record RestoreStamp(string Sdk, IReadOnlyDictionary<string, string> Properties, IReadOnlyDictionary<string, string> Files)
{
    public static RestoreStamp Of(string sdk, IReadOnlyDictionary<string, string> properties, IEnumerable<string> files) =>
        new(sdk, properties, files.ToDictionary(path => path, Hash, StringComparer.Ordinal));

    /// <summary>With files that only an evaluation after the restore names; what this has already stays as it was before the restore.</summary>
    public RestoreStamp With(IEnumerable<string> files)
    {
        var all = Files.ToDictionary(StringComparer.Ordinal);
        foreach (var path in files.Where(path => !all.ContainsKey(path)))
            all[path] = Hash(path);
        return this with { Files = all };
    }

    /// <summary>Why what <paramref name="last"/> restored is not right for this; null when it is.</summary>
    public string? Differs(RestoreStamp? last)
    {
        if (last is null)
            return "not restored yet";
        if (last.Sdk != Sdk)
            return $"SDK {last.Sdk} became {Sdk}";
        if (Properties.Count != last.Properties.Count || Properties.Any(property => last.Properties.GetValueOrDefault(property.Key) != property.Value))
            return "other build properties";
        if (Files.Where(file => last.Files.GetValueOrDefault(file.Key) != file.Value).Select(file => file.Key).FirstOrDefault() is { } changed)
            return $"{Path.GetFileName(changed)} changed";
        return last.Files.Keys.FirstOrDefault(path => !Files.ContainsKey(path)) is { } gone ? $"{Path.GetFileName(gone)} is no longer used" : null;
    }

    public static RestoreStamp? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), StampJson.Default.RestoreStamp);
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null; // restoring once more is the cure for a stamp that is not there or damaged
        }
    }

    public void Write(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var aside = path + ".new";
        File.WriteAllBytes(aside, JsonSerializer.SerializeToUtf8Bytes(this, StampJson.Default.RestoreStamp));
        File.Move(aside, path, overwrite: true);
    }

    /// <summary>One a service project; the configuration is among the properties, since NuGet keeps one set of assets for all.</summary>
    public static string PathFor(string artifactsPath, string project) => Path.Combine(
        artifactsPath, "restored", $"{Path.GetFileNameWithoutExtension(project)}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(project)))[..16]}.json");

    private static string Hash(string path)
    {
        try
        {
            return Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "unreadable"; // it vanished since the evaluation, or the build will name it
        }
    }
}

[JsonSerializable(typeof(RestoreStamp))]
internal sealed partial class StampJson : JsonSerializerContext;
