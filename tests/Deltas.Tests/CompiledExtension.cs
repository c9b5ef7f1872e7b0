using Microsoft.CodeAnalysis;

namespace WatchReload.Deltas.Tests;

/// <summary>What a generator or analyzer may be, compiled against the compiler.</summary>
internal static class CompiledExtension
{
    private static readonly CompiledAssembly Compiler = new("Microsoft.CodeAnalysis", File.ReadAllBytes(typeof(Compilation).Assembly.Location), []);

    public static CompiledAssembly From(string name, string source, params CompiledAssembly[] references) => CompiledAssembly.From(name, source, [Compiler, .. references]);

    /// <summary>What is made of a file with such an assembly.</summary>
    public static T Look<T>(string source, Func<string, T> look, params CompiledAssembly[] references)
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            File.WriteAllBytes(path, From("Asked", source, references).Image);
            return look(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
