using System.Text.Json;
using System.Text.Json.Serialization;
using WatchReload.Control;
using WatchReload.Daemon.Watching;

namespace WatchReload.Daemon.Flow;

/// <summary>
/// What the last build named as its inputs, kept on disk: with it the tree can be compared with what is loaded without a build.
/// A new source file is an input only once a build has seen it; so the files of the same kinds beside the inputs are kept too, and
/// one that is not among them makes the tree unknown.
/// </summary>
/// <param name="Inputs">As evaluation named them.</param>
/// <param name="Bystanders">Files like the inputs, in the projects' directories, that are none.</param>
internal sealed record KnownTree(BuildInputs Inputs, IReadOnlyList<string> Bystanders)
{
    /// <summary>One more whenever builds name more kinds of inputs than they did: what was kept before lacks them.</summary>
    private const int KindsNow = 1;

    private static readonly StringComparer _paths = OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;
    private static readonly EnumerationOptions _everything = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };

    /// <summary>Which kinds of inputs the build that named them knew.</summary>
    public int Kinds { get; init; }

    /// <param name="inputs">As evaluation named them.</param>
    /// <param name="access">What of them may be read; null: all.</param>
    public static KnownTree Of(BuildInputs inputs, InputAccess? access = null)
    {
        var known = Known(inputs, []);
        return new KnownTree(inputs, [.. Beside(inputs, access).Where(f => !known.Contains(f))]) { Kinds = KindsNow };
    }

    /// <summary>Null when none was kept, or what was kept cannot be used: then a build tells.</summary>
    public static KnownTree? Load(StateDirectory state)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(FileIn(state)), KnownTreeJson.Default.KnownTree) is { Kinds: KindsNow } known ? known : null;
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void Save(StateDirectory state) => File.WriteAllBytes(FileIn(state), JsonSerializer.SerializeToUtf8Bytes(this, KnownTreeJson.Default.KnownTree));

    /// <summary>Hash of the tree as it is now; null when it has files that no build has seen, or lacks some.</summary>
    public string? Hash(string root) => Hash(root, ContentHash.Of);

    /// <param name="root">Of the checkout.</param>
    /// <param name="hashOf">The content hash of a file.</param>
    /// <param name="access">What of the inputs may be read; null: all.</param>
    /// <param name="cancellation">Breaks it off.</param>
    public string? Hash(string root, Func<string, string> hashOf, InputAccess? access = null, CancellationToken cancellation = default)
    {
        var known = Known(Inputs, Bystanders);
        if (Inputs.Files.Any(f => !File.Exists(f)) || Beside(Inputs, access).Any(f => !known.Contains(f)))
            return null;
        return SourceTree.Hash(access is null ? Inputs : Inputs with { Heads = [.. Inputs.Heads.Where(access.Walks)] }, root, hashOf, cancellation);
    }

    private static HashSet<string> Known(BuildInputs inputs, IReadOnlyList<string> bystanders) =>
        new([.. inputs.Files, .. inputs.Projects, .. inputs.Imports, .. bystanders], _paths);

    private static IEnumerable<string> Beside(BuildInputs inputs, InputAccess? access)
    {
        var kinds = inputs.Files.Select(f => Path.GetExtension(f)).Where(e => e.Length > 0).ToHashSet(_paths);
        return inputs.Projects
            .Select(p => Path.GetDirectoryName(p))
            .OfType<string>()
            .Distinct(_paths)
            .Where(d => Directory.Exists(d) && access?.Walks(d) is not false)
            .SelectMany(d => Directory.EnumerateFiles(d, "*", _everything).Where(f => kinds.Contains(Path.GetExtension(f)) && !IsOutput(Path.GetRelativePath(d, f))))
            .Distinct(_paths);
    }

    /// <summary>bin and obj beside a project: deeper down the SDK takes them for folders like others.</summary>
    private static bool IsOutput(string relative) => relative.Split(Path.DirectorySeparatorChar)[..^1] is var folders && (folders is ["bin" or "obj", ..] || folders.Any(f => f.StartsWith('.')));

    private static string FileIn(StateDirectory state) => Path.Combine(state.Root, "inputs.json");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(KnownTree))]
internal sealed partial class KnownTreeJson : JsonSerializerContext;
