using System.IO.Enumeration;
using System.Text.Json;
using System.Text.Json.Serialization;
using WatchReload.Control;
using WatchReload.Daemon.Building;
using WatchReload.Daemon.Watching;

namespace WatchReload.Daemon.Flow;

/// <summary>
/// What the last build named as its inputs, kept on disk: with it the tree can be compared with what is loaded without a build.
/// A new source file is an input only once a build has seen it; so the files of the same kinds beside the inputs are kept too, and
/// one that is not among them makes the tree unknown. A file of another kind, such as the first .editorconfig, may be an input of the next build too, and mostly is none,
/// as a log: it leaves the tree what it is, and only says that not all has been seen.
/// </summary>
/// <param name="Inputs">As evaluation named them.</param>
/// <param name="Bystanders">Files like the inputs, in the projects' directories, that are none.</param>
internal sealed record KnownTree(BuildInputs Inputs, IReadOnlyList<string> Bystanders)
{
    /// <summary>One more whenever builds name more kinds of inputs than they did: what was kept before lacks them.</summary>
    private const int KindsNow = 2;

    private static readonly StringComparer _paths = OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;
    private static readonly EnumerationOptions _everything = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };

    private HashSet<string>? _known;

    /// <summary>Which kinds of inputs the build that named them knew.</summary>
    public int Kinds { get; init; }

    /// <summary>Which files there were when that build began, of whatever kind: <see cref="TreeListing.Hash"/>. Null: not all may be looked at.</summary>
    public string? Listing { get; init; }

    /// <summary>What that build was asked for: <see cref="Asked"/>.</summary>
    public string? AskedFor { get; init; }

    /// <summary>All that decides, beside the tree, what a build makes of it: where one of these is another, what was built says nothing of what would be.</summary>
    public static string Asked(PipelineSettings settings) =>
        string.Join('\n', settings.Project, settings.Configuration, settings.BuildUser?.Name, string.Join(' ', settings.PerVersion), SdkSelection.For(Path.GetDirectoryName(settings.Project)!));

    /// <param name="inputs">As evaluation named them.</param>
    /// <param name="access">What of them may be read; null: all.</param>
    public static KnownTree Of(BuildInputs inputs, InputAccess? access = null)
    {
        var known = Known(inputs, []);
        return new KnownTree(inputs, [.. Beside(inputs, access).Where(f => !known.Contains(f)).Distinct(_paths)]) { Kinds = KindsNow };
    }

    /// <summary>The same for a stage of these settings; null also when another build was asked for.</summary>
    public static KnownTree? Load(PipelineSettings settings) => Load(settings.State) is { } known && known.AskedFor == Asked(settings) ? known : null;

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

    /// <summary>Not synced: a build tells anew what a power failure has damaged. Where it cannot be kept nothing is, and a build tells as well.</summary>
    public void Save(StateDirectory state)
    {
        var aside = $"{FileIn(state)}.{Environment.ProcessId}.tmp";
        try
        {
            Save(aside);
            File.Move(aside, FileIn(state), overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Remove(aside);
            Remove(FileIn(state)); // of a tree before
        }
    }

    private void Save(string aside)
    {
        File.Delete(aside); // of a process that had the same number and was killed
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite; // a state directory that was there before may be open to readers
        using var file = new FileStream(aside, options);
        file.Write(JsonSerializer.SerializeToUtf8Bytes(this, KnownTreeJson.Default.KnownTree));
    }

    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Then it is read by the next daemon, whose look at the tree finds what has changed since.
        }
    }

    /// <summary>Hash of the tree as it is now; null when it has files that no build has seen, or lacks some.</summary>
    public string? Hash(string root) => Hash(root, ContentHash.Of);

    /// <param name="root">Of the checkout.</param>
    /// <param name="hashOf">The content hash of a file.</param>
    /// <param name="access">What of the inputs may be read; null: all.</param>
    /// <param name="cancellation">Breaks it off.</param>
    public string? Hash(string root, Func<string, string> hashOf, InputAccess? access = null, CancellationToken cancellation = default)
    {
        _known ??= Known(Inputs, Bystanders);
        if (Beside(Inputs, access).Any(f => !_known.Contains(f)))
            return null;
        var absent = new List<string>();
        var hash = SourceTree.Hash(access is null ? Inputs : Inputs with { Heads = [.. Inputs.Heads.Where(access.Walks)] }, root, Of, cancellation);
        return absent.Exists(path => Inputs.Files.Contains(path) && !File.Exists(path)) ? null : hash;

        string Of(string path)
        {
            var content = hashOf(path);
            if (content == ContentHash.Absent)
                absent.Add(path);
            return content;
        }
    }

    /// <summary>Whether the same files are there as when the build began, of whatever kind.</summary>
    public bool HasSeenAll() => Listing is null || (TreeListing.Of(Inputs) is { Doubt: null } now && now.Hash == Listing);

    /// <summary>Files like the inputs, in the projects' directories, that no build has seen.</summary>
    public IReadOnlyList<string> Strangers(InputAccess? access = null)
    {
        _known ??= Known(Inputs, Bystanders);
        return [.. Beside(Inputs, access).Where(f => !_known.Contains(f))];
    }

    /// <summary>Whether a file was there when this was known: as an input, or beside them.</summary>
    public bool Knows(string path) => (_known ??= Known(Inputs, Bystanders)).Contains(path);

    /// <summary>Whether files beside the inputs were looked for there.</summary>
    public bool Covers(string path) => Inputs.Projects.Any(project => Paths.IsBelow(path, Path.GetDirectoryName(project)!)) || Inputs.Patterns.Any(pattern => pattern.Takes(path));

    /// <summary>Whether it, or a directory on the way to it from its project, may be there since that time only. The project's own directory is another whenever it is built.</summary>
    public bool MayHaveCome(string path, DateTime since)
    {
        var tops = Inputs.Projects.Select(project => Path.GetDirectoryName(project)).Concat(Inputs.Patterns.Select(pattern => pattern.Directory)).ToHashSet(_paths);
        for (var directory = Path.GetDirectoryName(path); directory is not null && !tops.Contains(directory); directory = Path.GetDirectoryName(directory))
            if (FileStatus.StampOfDirectory(directory)?.MayBeSince(since) == true)
                return true;
        return FileStamp.Of(path).MayBeSince(since);
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
            .SelectMany(d => Files(d, kinds))
            .Concat(inputs.Patterns.Where(pattern => Directory.Exists(pattern.Directory) && access?.Walks(pattern.Directory) is not false).SelectMany(pattern => Files(pattern)));
    }

    private static FileSystemEnumerable<string> Files(FilePattern pattern) => new(pattern.Directory, (ref FileSystemEntry entry) => entry.ToFullPath(), _everything)
    {
        ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory && pattern.TakesName(entry.FileName),
        ShouldRecursePredicate = (ref FileSystemEntry entry) => pattern.Enters(entry.ToFullPath()),
    };

    private static IEnumerable<string> Files(string project, HashSet<string> kinds)
    {
        var ofKinds = kinds.GetAlternateLookup<ReadOnlySpan<char>>();
        var left = new Stack<string>([project]);
        while (left.TryPop(out var directory))
        {
            if (DirectoryEntries.Of(directory) is not { } entries)
                continue;
            foreach (var name in entries.Files)
                if (ofKinds.Contains(Path.GetExtension(name.AsSpan())))
                    yield return Path.Combine(directory, name);
            foreach (var (name, isLink) in entries.Directories)
                if (!isLink && !IsOutput(name, directory == project))
                    left.Push(Path.Combine(directory, name));
        }
    }

    /// <summary>bin and obj beside a project: deeper down the SDK takes them for folders like others.</summary>
    private static bool IsOutput(string name, bool isBeside) => name.StartsWith('.') || isBeside && name is "bin" or "obj";

    private static string FileIn(StateDirectory state) => Path.Combine(state.Root, "inputs.json");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(KnownTree))]
internal sealed partial class KnownTreeJson : JsonSerializerContext;
