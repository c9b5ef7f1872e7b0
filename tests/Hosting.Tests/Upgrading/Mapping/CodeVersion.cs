using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace WatchReload.Hosting.Tests.Upgrading.Mapping;

/// <summary>
/// One version of a service's types, compiled from source and loaded into a collectible context of its own. Its static class
/// <c>Test</c> makes and shows objects.
/// </summary>
internal sealed class CodeVersion
{
    private readonly AssemblyLoadContext _context;

    private CodeVersion(Context context, Assembly assembly) => (_context, Assembly) = (context, assembly);

    public Assembly Assembly { get; }

    public static CodeVersion Of(string source, params CodeVersion[] references) => Load(CompiledAssembly.From("Service", source, Images(references)), references);

    public static CodeVersion Named(string name, string source) => Load(CompiledAssembly.From(name, source), []);

    /// <summary>Another one with its references.</summary>
    public CodeVersion Again(string source, params CodeVersion[] references) => Load(Compiled!.Again(source), references);

    public object? Call(string method, params object?[] arguments)
    {
        var function = Assembly.GetType("Test")!.GetMethod(method, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            ?? throw new InvalidOperationException($"The source has no Test.{method}.");
        return function.Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null);
    }

    public Type Type(string name) => Assembly.GetType(name, throwOnError: true)!;

    /// <summary>Asks for the context to be unloaded; dead once nothing holds it.</summary>
    public WeakReference Unload()
    {
        _context.Unload();
        return new WeakReference(_context);
    }

    private CompiledAssembly? Compiled { get; init; }

    private static CompiledAssembly[] Images(CodeVersion[] references) => [.. references.Select(r => r.Compiled!)];

    private static CodeVersion Load(CompiledAssembly compiled, CodeVersion[] references)
    {
        var context = new Context(compiled.Name, [.. references.Select(r => r.Assembly)]);
        return new CodeVersion(context, context.LoadFromStream(new MemoryStream(compiled.Image))) { Compiled = compiled };
    }

    /// <summary>Collects until the context is gone; false if something holds it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool IsCollected(WeakReference context)
    {
        for (var i = 0; context.IsAlive && i < 20; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return !context.IsAlive;
    }

    // Weak: a context with a field that leads to its own assembly is never unloaded.
    private sealed class Context(string name, Assembly[] references) : AssemblyLoadContext(name, isCollectible: true)
    {
        private readonly WeakReference<Assembly>[] _references = Array.ConvertAll(references, r => new WeakReference<Assembly>(r));

        protected override Assembly? Load(AssemblyName wanted)
        {
            foreach (var reference in _references)
            {
                if (reference.TryGetTarget(out var assembly) && assembly.GetName().Name == wanted.Name) return assembly;
            }

            return null;
        }
    }
}
