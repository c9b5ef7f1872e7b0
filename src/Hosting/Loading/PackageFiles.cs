using WatchReload.Control;

namespace WatchReload.Hosting.Loading;

/// <summary>An assembly of a package: where it is, and what it says of itself.</summary>
internal sealed record PackageAssembly(string Path, AssemblyImage Image);

/// <summary>The verified files of a package set, by what they are looked up by.</summary>
internal sealed class PackageFiles
{
    private readonly Dictionary<string, PackageAssembly> _assemblies = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<(string Name, string Culture), string> _satellites = [];

    private PackageFiles(string root, IEnumerable<string> paths) => Native = new(root, paths);

    public NativeFiles Native { get; }

    /// <summary>Checks every file of the set. Null, with the reasons among the problems, when it cannot be used.</summary>
    public static PackageFiles? Read(string root, PackageSet set, Problems problems)
    {
        var found = new Problems();
        var images = new List<(string Path, AssemblyImage Image)>();
        new FileCheck(root, $"Package set {set.Hash[..Math.Min(12, set.Hash.Length)]}", found).Run(
            set.Files,
            mayBeThere: [],
            wanted: file => file.Path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase),
            take: (file, bytes) =>
            {
                if (Parse(file.Path, bytes, found) is { } image)
                {
                    images.Add((file.Path, image));
                }
            });
        problems.AddAll(found);
        if (found.Any)
        {
            return null;
        }

        var managed = images.Select(image => image.Path).ToHashSet(StringComparer.Ordinal);
        var files = new PackageFiles(root, set.Files.Select(file => file.Path).Where(path => !managed.Contains(path)));
        foreach (var (path, image) in images)
        {
            files.Add(path, new(ReleasePath.Combine(root, path), image));
        }

        return files;
    }

    public IEnumerable<AssemblyImage> Images => _assemblies.Values.Select(assembly => assembly.Image);

    public PackageAssembly? Find(string name) => _assemblies.GetValueOrDefault(name);

    public string? FindSatellite(string name, string culture) => _satellites.GetValueOrDefault((name, culture));

    private static AssemblyImage? Parse(string path, byte[] bytes, Problems problems)
    {
        try
        {
            return AssemblyImage.Parse(bytes, hot: false);
        }
        catch (BadImageFormatException error)
        {
            problems.Add(
                $"{path} of a package cannot be loaded: {error.Message}.",
                "Restore the packages anew ('dotnet restore --force'), for this node's architecture, and make the release again.");
            return null;
        }
    }

    private void Add(string path, PackageAssembly assembly)
    {
        var image = assembly.Image;
        if (image.Culture.Length > 0)
        {
            _satellites.TryAdd((image.Name, image.Culture), assembly.Path);
        }
        else if (!path.Contains('/', StringComparison.Ordinal))
        {
            _assemblies.TryAdd(image.Name, assembly);
        }
    }
}
