using System.Reflection;
using System.Runtime.Loader;
using System.Text;
using Microsoft.CodeAnalysis;

namespace WatchReload.Builder.Replay;

/// <summary>
/// Loads the generators and analyzers of a directory that is built into, as they are now; what is built there later is loaded beside them. All that lies there is read at once, so that the files stay free, and what is loaded later, as it is
/// needed, is of the same build.
/// </summary>
internal sealed class OwnAssemblies : IAnalyzerAssemblyLoader
{
    private readonly Context _context;

    private OwnAssemblies(string directory, Dictionary<string, byte[]> images)
    {
        Hash = References.Hash(Encoding.UTF8.GetBytes(string.Join('\n', images.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => $"{file.Key} {References.Hash(file.Value)}"))));
        _context = new Context(directory, images.Where(file => !ExtensionAssemblies.IsOfTheCompiler(Named(file.Key))).ToDictionary(StringComparer.Ordinal));
    }

    /// <summary>Of all assemblies in the directory: what lies beside a generator may be part of it.</summary>
    public string Hash { get; }

    /// <exception cref="IOException">One cannot be read.</exception>
    public static OwnAssemblies In(string directory) => new(directory, Directory.Exists(directory)
        ? Directory.EnumerateFiles(directory, "*.dll").ToDictionary(path => Path.GetFileNameWithoutExtension(path), File.ReadAllBytes, StringComparer.Ordinal)
        : []);

    public void AddDependencyLocation(string fullPath)
    {
        // The directory is known.
    }

    public Assembly LoadFromPath(string fullPath) => _context.LoadFromAssemblyName(Named(Path.GetFileNameWithoutExtension(fullPath)));

    private static AssemblyName Named(string name) => new() { Name = name };

    /// <summary>Collectible: it is another one after each edit of the generator.</summary>
    private sealed class Context(string directory, Dictionary<string, byte[]> images) : AssemblyLoadContext($"{ExtensionAssemblies.ContextName} {directory}", isCollectible: true)
    {
        protected override Assembly? Load(AssemblyName assemblyName)
        {
            if (!images.TryGetValue(assemblyName.Name!, out var image))
                return null;
            using var stream = new MemoryStream(image);
            return LoadFromStream(stream);
        }
    }
}
