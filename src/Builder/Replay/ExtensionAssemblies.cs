using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;

namespace WatchReload.Builder.Replay;

/// <summary>
/// Loads the generators and analyzers of all projects, once for the life of the process: a context for each directory, as the compiler's server does it, so that two may bring
/// different versions of a dependency; from bytes, so that their files stay free. Roslyn and the framework are this process's.
/// </summary>
/// <remarks>
/// Only files come here that never change. They are not unloaded: code that can be is compiled on the first call, and again for each project; for forty projects that took half a minute.
/// </remarks>
internal sealed class ExtensionAssemblies : IAnalyzerAssemblyLoader
{
    private readonly ConcurrentDictionary<string, DirectoryContext> _contexts = new(StringComparer.Ordinal);

    public void AddDependencyLocation(string fullPath)
    {
        // The directory is looked at when something is missing.
    }

    public Assembly LoadFromPath(string fullPath) =>
        _contexts.GetOrAdd(Path.GetDirectoryName(fullPath)!, directory => new DirectoryContext(directory)).LoadFromAssemblyName(AssemblyName.GetAssemblyName(fullPath));

    private sealed class DirectoryContext(string directory) : AssemblyLoadContext($"generators and analyzers of {directory}", isCollectible: false)
    {
        private static readonly HashSet<string> OfTheCompiler = new(StringComparer.OrdinalIgnoreCase)
        {
            "Microsoft.CodeAnalysis", "Microsoft.CodeAnalysis.CSharp", "Microsoft.CodeAnalysis.VisualBasic", "System.Collections", "System.Collections.Concurrent", "System.Collections.Immutable",
            "System.Console", "System.Diagnostics.Debug", "System.Diagnostics.StackTrace", "System.Diagnostics.Tracing", "System.IO.Compression", "FileSystem", "System.Linq",
            "System.Linq.Expressions", "System.Memory", "System.Reflection.Metadata", "System.Reflection.Primitives", "System.Resources.ResourceManager", "System.Runtime",
            "System.Runtime.CompilerServices.Unsafe", "System.Runtime.Extensions", "System.Runtime.InteropServices", "System.Runtime.Loader", "System.Security.Cryptography", "System.Text.Encoding.CodePages",
            "System.Text.Encoding.Extensions", "System.Threading", "System.Threading.Tasks.Extensions", "System.Threading.Tasks.Parallel", "System.Xml.ReaderWriter", "System.Xml.XDocument", "System.Xml.XPath.XDocument",
        };

        protected override Assembly? Load(AssemblyName assemblyName)
        {
            var path = Path.Combine(directory, assemblyName.Name + ".dll");
            if (OfTheCompiler.Contains(assemblyName.Name!) || !File.Exists(path))
                return null;
            using var image = new MemoryStream(System.IO.File.ReadAllBytes(path));
            return LoadFromStream(image);
        }
    }
}
