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
/// Only files come here that are not meant to change, as packages and the SDK are (of others: <see cref="OwnAssemblies"/>); one that is replaced all the same is noticed (<see cref="Replaced"/>), as what is loaded stays. Nothing is
/// unloaded: code that can be is compiled on the first call, and again for each project; for forty projects that took half a minute.
/// </remarks>
internal sealed class ExtensionAssemblies : IAnalyzerAssemblyLoader
{
    /// <summary>With the directory after it, of each context.</summary>
    public const string ContextName = "generators and analyzers of";

    private static readonly HashSet<string> OfTheCompiler = new(StringComparer.OrdinalIgnoreCase)
    {
        "Microsoft.CodeAnalysis", "Microsoft.CodeAnalysis.CSharp", "Microsoft.CodeAnalysis.VisualBasic", "System.Collections", "System.Collections.Concurrent", "System.Collections.Immutable",
        "System.Console", "System.Diagnostics.Debug", "System.Diagnostics.StackTrace", "System.Diagnostics.Tracing", "System.IO.Compression", "System.IO.FileSystem", "System.Linq",
        "System.Linq.Expressions", "System.Memory", "System.Reflection.Metadata", "System.Reflection.Primitives", "System.Resources.ResourceManager", "System.Runtime",
        "System.Runtime.CompilerServices.Unsafe", "System.Runtime.Extensions", "System.Runtime.InteropServices", "System.Runtime.Loader", "System.Security.Cryptography", "System.Text.Encoding.CodePages",
        "System.Text.Encoding.Extensions", "System.Threading", "System.Threading.Tasks.Extensions", "System.Threading.Tasks.Parallel", "System.Xml.ReaderWriter", "System.Xml.XDocument", "System.Xml.XPath.XDocument",
    };

    private readonly ConcurrentDictionary<string, DirectoryContext> _contexts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (long, DateTime)> _loaded = new(StringComparer.Ordinal);

    /// <summary>Whether the process has it for all contexts.</summary>
    public static bool IsOfTheCompiler(AssemblyName assembly) => OfTheCompiler.Contains(assembly.Name!);

    public void AddDependencyLocation(string fullPath)
    {
        // The directory is looked at when something is missing.
    }

    /// <summary>A file that is not what was loaded; null when there is none.</summary>
    public string? Replaced => _loaded.Where(file => Stamp(file.Key) != file.Value).Select(file => file.Key).FirstOrDefault();

    public Assembly LoadFromPath(string fullPath) =>
        _contexts.GetOrAdd(Path.GetDirectoryName(fullPath)!, directory => new DirectoryContext(directory, _loaded)).LoadFromAssemblyName(AssemblyName.GetAssemblyName(fullPath));

    private static (long Length, DateTime Written) Stamp(string path) => new FileInfo(path) is { Exists: true } file ? (file.Length, file.LastWriteTimeUtc) : (-1, default);

    private sealed class DirectoryContext(string directory, ConcurrentDictionary<string, (long, DateTime)> loaded) : AssemblyLoadContext($"{ContextName} {directory}", isCollectible: false)
    {
        protected override Assembly? Load(AssemblyName assemblyName)
        {
            var path = Path.Combine(directory, assemblyName.Name + ".dll");
            if (IsOfTheCompiler(assemblyName) || !File.Exists(path))
                return null;
            loaded[path] = Stamp(path); // before it is read: what is written from now on differs
            using var image = new MemoryStream(File.ReadAllBytes(path));
            return LoadFromStream(image);
        }
    }
}
