using Microsoft.CodeAnalysis.CSharp;
using WatchReload.Builder.Deltas;

namespace WatchReload.Deltas.Tests;

/// <summary>An assembly that is edited: from each of its states to the next.</summary>
internal sealed class Difference
{
    private static readonly HashSet<string> Hot = [];
    private readonly CompiledAssembly _compiled;
    private readonly CallerLines _lines;
    private DeltaPoint _point;

    public Difference(CompiledAssembly compiled)
    {
        _compiled = compiled;
        _point = DeltaPoint.Of(compiled.Compilation, compiled.Compilation, compiled.Image);
        _lines = new CallerLines(compiled.Compilation, TestContext.Current.CancellationToken);
    }

    /// <summary>The assembly is taken for the one that the last delta made.</summary>
    public DeltaResult To(string source, bool warningsAreErrors = false)
    {
        var next = _compiled.With(source);
        var result = new DeltaMaker(_point, next, next, _lines, warningsAreErrors, TestContext.Current.CancellationToken).Make();
        _point = result.To ?? _point;
        return result;
    }

    public static string? StaticDoubt(CSharpCompilation compilation) => new StaticState(compilation, Hot, TestContext.Current.CancellationToken).First();
}
