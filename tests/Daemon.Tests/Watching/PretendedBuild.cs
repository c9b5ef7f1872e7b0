using WatchReload.Control;
using WatchReload.Daemon.Watching;

namespace WatchReload.Daemon.Tests.Watching;

/// <summary>
/// Builds as the builder does: reads what changed, sometime between a change set and the demand for the next, and names its inputs. What no
/// change set names is taken to be as it was.
/// </summary>
internal sealed class PretendedBuild(WatchedFolder folder)
{
    public SortedDictionary<string, string> Loaded { get; private set; } = new(StringComparer.Ordinal);

    /// <summary>Everything, as the first build does.</summary>
    public async Task Run()
    {
        Loaded = Scan(folder.Root);
        await Finish();
    }

    public async Task Take(ChangeSet changes)
    {
        foreach (var path in changes.Paths)
        {
            if (Read(path) is { } text)
                Loaded[path] = text;
            else
                Loaded.Remove(path);
        }
        await Finish();
    }

    /// <summary>What a build of the tree as it is has to read: independent of what the watcher makes of it.</summary>
    public static SortedDictionary<string, string> Scan(string root)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Enter(Path.Combine(root, "src"), []);
        return found;

        void Enter(string directory, string[] way)
        {
            var real = Real(directory);
            if (real is null || Array.Exists(way, from => from == real || from.StartsWith(real + '/', StringComparison.Ordinal)))
                return;
            foreach (var file in Directory.GetFiles(directory).Where(file => file.EndsWith(".cs", StringComparison.Ordinal)))
                if (Read(file) is { } text)
                    found[file] = text;
            foreach (var below in Directory.GetDirectories(directory))
                Enter(below, [.. way, real]);
        }
    }

    private async Task Finish()
    {
        await Task.Yield();
        folder.BeginAdopt(new BuildInputs { Projects = [folder.At("src/p.csproj")], Files = [.. Loaded.Keys] });
    }

    private static string? Real(string directory) => Directory.Exists(directory) ? new DirectoryInfo(directory) is { LinkTarget: not null } link ? link.ResolveLinkTarget(true)!.FullName : directory : null;

    private static string? Read(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
