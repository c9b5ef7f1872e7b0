using WatchReload.Control;

namespace WatchReload.Builder.Tests.Support;

/// <summary>A source tree in a temporary directory, and a state directory beside it.</summary>
internal sealed class Tree : IDisposable
{
    private readonly string _top = Directory.CreateTempSubdirectory("wr-builder-").FullName;

    public Tree()
    {
        Directory.CreateDirectory(Root);
        Directory.CreateDirectory(State);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(State, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public string Root => Path.Combine(_top, "tree");

    public string State => Path.Combine(_top, "state");

    public string this[string path] => Path.Combine(Root, path);

    public Tree Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[path])!);
        File.WriteAllText(this[path], text);
        return this;
    }

    public BuildRequest Request(string project, string configuration = "Release") => new()
    {
        Project = this[project],
        Configuration = configuration,
        ArtifactsPath = Path.Combine(State, "build"),
    };

    /// <summary>Every file and folder of the tree, relative.</summary>
    public IReadOnlyList<string> Entries() =>
        [.. Directory.EnumerateFileSystemEntries(Root, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Root, path)).Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(_top, recursive: true);
}
