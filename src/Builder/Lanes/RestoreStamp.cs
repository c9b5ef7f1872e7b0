using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using WatchReload.Builder.Evaluation;
using WatchReload.Builder.Replay;

namespace WatchReload.Builder.Lanes;

/// <summary>
/// What the last restore of a project depended on, by content. Lies beside the outputs; tells whether NuGet's assets are
/// those of the tree, and if not, what differs.
/// </summary>
/// <param name="Sdk">Version of the SDK.</param>
/// <param name="Properties">Global properties.</param>
/// <param name="Files">What restore read: absolute path to hash.</param>
/// <param name="Facts">What the evaluation after it said that restore depends on (<see cref="ProjectSnapshot.ForRestore"/>): when that is the same, other texts of projects do not matter. Null: not known.</param>
/// <param name="Assets">What it wrote: absolute path to hash. NuGet keeps one set for all configurations, so another one's restore may replace it.</param>
internal sealed record RestoreStamp(string Sdk, IReadOnlyDictionary<string, string> Properties, IReadOnlyDictionary<string, string> Files, IReadOnlyDictionary<string, string> Assets, string? Facts = null)
{
    private const string Unreadable = "unreadable";

    /// <summary>What MSBuild reads and restore does not: it sees what they come to.</summary>
    private static readonly HashSet<string> Evaluated = new(StringComparer.OrdinalIgnoreCase) { ".csproj", ".props", ".targets" };

    public static RestoreStamp Of(string sdk, IReadOnlyDictionary<string, string> properties, IEnumerable<string> files, IEnumerable<string> assets, string? facts = null) =>
        Of(sdk, properties, files, assets, facts, Hash);

    /// <summary>The same with hashes that are known.</summary>
    public static RestoreStamp Of(string sdk, IReadOnlyDictionary<string, string> properties, IEnumerable<string> files, IEnumerable<string> assets, string? facts, KnownFiles known) =>
        Of(sdk, properties, files, assets, facts, path => known.HashOf(path) ?? Unreadable);

    /// <summary>After the restore: with its assets, and the files that only an evaluation after it names. What this has already stays as it was before.</summary>
    public RestoreStamp Restored(IEnumerable<string> files, IEnumerable<string> assets, string? facts = null)
    {
        var all = Files.ToDictionary(StringComparer.Ordinal);
        foreach (var path in files.Where(path => !all.ContainsKey(path)))
            all[path] = Hash(path);
        // A project that was saved meanwhile was evaluated as it is now, and restored as it was.
        return this with { Files = all, Assets = Hashes(assets, Hash), Facts = Files.All(file => Hash(file.Key) == file.Value) ? facts : null };
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
        var isSameToRestore = Facts is not null && Facts == last.Facts;
        if (Files.Where(file => last.Files.GetValueOrDefault(file.Key) != file.Value).Select(file => file.Key).FirstOrDefault(path => !isSameToRestore || !Evaluated.Contains(Path.GetExtension(path))) is { } changed)
            return $"{Path.GetFileName(changed)} changed";
        if (last.Files.Keys.FirstOrDefault(path => !Files.ContainsKey(path)) is { } gone)
            return $"{Path.GetFileName(gone)} is no longer used";
        return Assets.Any(file => last.Assets.GetValueOrDefault(file.Key) != file.Value) ? "restored for another configuration meanwhile" : null;
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

    /// <summary>One a service project and configuration.</summary>
    public static string PathFor(string artifactsPath, string project, string configuration)
    {
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{project}\n{configuration}")))[..16];
        return Path.Combine(artifactsPath, "restored", $"{Path.GetFileNameWithoutExtension(project)}-{key}.json");
    }

    private static RestoreStamp Of(string sdk, IReadOnlyDictionary<string, string> properties, IEnumerable<string> files, IEnumerable<string> assets, string? facts, Func<string, string> hash) =>
        new(sdk, properties, Hashes(files, hash), Hashes(assets, hash), facts);

    private static Dictionary<string, string> Hashes(IEnumerable<string> paths, Func<string, string> hash) => paths.ToDictionary(path => path, hash, StringComparer.Ordinal);

    private static string Hash(string path)
    {
        try
        {
            return FileHash.Of(new FileInfo(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Unreadable; // it vanished since the evaluation, or the build will name it
        }
    }
}

[JsonSerializable(typeof(RestoreStamp))]
internal sealed partial class StampJson : JsonSerializerContext;
