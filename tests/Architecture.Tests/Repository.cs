using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace WatchReload.Architecture.Tests;

/// <summary>The repository's sources and built assemblies, as the build recorded them.</summary>
internal static class Repository
{
    private static readonly ILookup<string, string> Recorded = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .ToLookup(attribute => attribute.Key, attribute => attribute.Value!);

    public static string Root { get; } = Recorded["RepositoryDirectory"].Single();

    public static string Source { get; } = Path.Combine(Root, "src");

    /// <summary>The parts: the folders of src that have a project.</summary>
    public static IReadOnlyList<string> Parts { get; } =
        [.. Directory.EnumerateDirectories(Source).Where(folder => Project(folder) is not null).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)];

    public static string ProjectOf(string part) => Project(Path.Combine(Source, part))!;

    /// <summary>Runs <paramref name="read"/> over the metadata of a part's built assembly.</summary>
    public static T Metadata<T>(string part, Func<MetadataReader, T> read)
    {
        var project = Path.GetDirectoryName(ProjectOf(part))! + Path.DirectorySeparatorChar;
        var path = Recorded["Assembly"].Single(assembly => assembly.StartsWith(project, StringComparison.Ordinal));
        using var file = new PEReader(File.OpenRead(path));
        return read(file.GetMetadataReader());
    }

    /// <summary>The C# files below a folder of a part, without what the build made.</summary>
    public static IEnumerable<string> Files(string part, string folder = "") => Directory
        .EnumerateFiles(Path.Combine(Source, part, folder), "*.cs", SearchOption.AllDirectories)
        .Where(file => !Path.GetRelativePath(Source, file).Split(Path.DirectorySeparatorChar).Any(step => step is "bin" or "obj"));

    private static string? Project(string folder) => Directory.EnumerateFiles(folder, "*.csproj").SingleOrDefault();
}
