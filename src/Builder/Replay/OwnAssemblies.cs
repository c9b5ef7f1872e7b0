using System.Reflection;
using System.Runtime.Loader;
using System.Text;
using Microsoft.CodeAnalysis;

namespace WatchReload.Builder.Replay;

/// <summary>Loads the generators and analyzers of a directory that is built into, as they are now; what is built there later is loaded beside them. From bytes, so that the files stay free.</summary>
internal sealed class OwnAssemblies : IAnalyzerAssemblyLoader
{
    private readonly Context _context;

    private OwnAssemblies(string directory, Dictionary<string, string> hashes)
    {
        Hash = References.Hash(Encoding.UTF8.GetBytes(string.Join('\n', hashes.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => $"{file.Key} {file.Value}"))));
        _context = new Context(directory, hashes);
    }

    /// <summary>Of all assemblies in the directory: what lies beside a generator may be part of it.</summary>
    public string Hash { get; }

    /// <exception cref="IOException">One cannot be read.</exception>
    public static OwnAssemblies In(string directory) => new(directory, Directory.Exists(directory)
        ? Directory.EnumerateFiles(directory, "*.dll").ToDictionary(path => path, path => References.Hash(File.ReadAllBytes(path)), StringComparer.Ordinal)
        : []);

    public void AddDependencyLocation(string fullPath)
    {
        // The directory is known.
    }

    public Assembly LoadFromPath(string fullPath) => _context.LoadFromAssemblyName(AssemblyName.GetAssemblyName(fullPath));

    /// <summary>Collectible: it is another one after each edit of the generator.</summary>
    private sealed class Context(string directory, Dictionary<string, string> hashes) : AssemblyLoadContext($"{ExtensionAssemblies.ContextName} {directory}", isCollectible: true)
    {
        protected override Assembly? Load(AssemblyName assemblyName)
        {
            var path = Path.Combine(directory, assemblyName.Name + ".dll");
            if (ExtensionAssemblies.IsOfTheCompiler(assemblyName) || !hashes.TryGetValue(path, out var hash))
                return null;
            var image = File.ReadAllBytes(path);
            if (References.Hash(image) != hash)
                throw new IOException($"{path} was replaced while it was about to be loaded.");
            using var stream = new MemoryStream(image);
            return LoadFromStream(stream);
        }
    }
}
