using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace WatchReload.Bench.Emit;

/// <summary>The generators among the analyzers of a command line.</summary>
internal static class Generators
{
    public static IEnumerable<ISourceGenerator> Of(IEnumerable<string> paths)
    {
        var loader = new Loader();
        return [.. paths.SelectMany(path => new AnalyzerFileReference(path, loader).GetGenerators(LanguageNames.CSharp))];
    }

    /// <summary>A context for each directory, as the compiler has it: what lies beside a generator is found, Roslyn is this process's.</summary>
    private sealed class Loader : IAnalyzerAssemblyLoader
    {
        private readonly Dictionary<string, Beside> _contexts = new(StringComparer.Ordinal);

        public void AddDependencyLocation(string fullPath)
        {
            // The directory is looked at when something is missing.
        }

        public Assembly LoadFromPath(string fullPath)
        {
            var directory = Path.GetDirectoryName(fullPath)!;
            if (!_contexts.TryGetValue(directory, out var context)) _contexts[directory] = context = new Beside(directory);
            return context.LoadFromAssemblyPath(fullPath);
        }
    }

    private sealed class Beside(string directory) : AssemblyLoadContext
    {
        protected override Assembly? Load(AssemblyName assemblyName)
        {
            var path = Path.Combine(directory, assemblyName.Name + ".dll");
            return IsTheCompilers(assemblyName.Name!) || !File.Exists(path) ? null : LoadFromAssemblyPath(path);
        }

        private static bool IsTheCompilers(string name) =>
            name is "Microsoft.CodeAnalysis" or "Microsoft.CodeAnalysis.CSharp" || name.StartsWith("System.", StringComparison.Ordinal);
    }
}
