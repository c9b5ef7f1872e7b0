using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using WatchReload.Builder.Deltas;
using WatchReload.Control;

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

    /// <summary>Of the state that it is in.</summary>
    public CSharpCompilation Compilation => _point.Compilation;

    /// <inheritdoc cref="Compilation"/>
    public EmitBaseline Baseline => _point.Baseline;

    /// <summary>By default there are no other projects.</summary>
    public DeltaSurroundings? Around { private get; init; }

    /// <summary>The assembly is taken for the one that the last delta made.</summary>
    public DeltaResult To(string source, bool warningsAreErrors) => To(_compiled.With(source), warningsAreErrors);

    /// <param name="source">Its text.</param>
    /// <param name="files">Those that were not there.</param>
    public DeltaResult To(string source, params IEnumerable<string> files) => To(_compiled.With(source, files), warningsAreErrors: false);

    private DeltaResult To(CSharpCompilation next, bool warningsAreErrors)
    {
        var result = new DeltaMaker(_point, next, next, Around ?? new DeltaSurroundings(Hot, IsReferenced: false, () => [], () => []), _lines, warningsAreErrors, TestContext.Current.CancellationToken).Make();
        _point = result.To ?? _point;
        return result;
    }

    /// <summary>A field that is added, which the compiler emits and the runtime does not take when it is one of a struct.</summary>
    public AssemblyDelta WithField(string source, string type, string field)
    {
        var next = _compiled.With(source);
        var added = next.GetTypeByMetadataName(type)!.GetMembers(field).Single();
        return Emit(next, new SemanticEdit(SemanticEditKind.Insert, null, added, syntaxMap: null, runtimeRudeEdit: null, default(MethodInstrumentation)));
    }

    /// <summary>Types that are made anew, whatever the runtime makes of them.</summary>
    public AssemblyDelta Emit(string source, params IEnumerable<string> types)
    {
        var next = _compiled.With(source);
        return Emit(next, [.. types.Select(type => new SemanticEdit(SemanticEditKind.Replace, null, next.GetTypeByMetadataName(type)!))]);
    }

    private AssemblyDelta Emit(CSharpCompilation next, params IEnumerable<SemanticEdit> edits)
    {
        using var metadata = new MemoryStream();
        using var il = new MemoryStream();
        using var symbols = new MemoryStream();
        var result = next.EmitDifference(_point.Baseline, edits, static _ => false, metadata, il, symbols, TestContext.Current.CancellationToken);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        var delta = _point.Describe(next.AssemblyName!, metadata.ToArray(), il.ToArray(), symbols.ToArray(), result);
        _point = _point.Next(delta, next, next, result.Baseline!, TestContext.Current.CancellationToken);
        return delta;
    }

    public static string? StaticDoubt(CSharpCompilation compilation) => new StaticState(compilation, Hot, TestContext.Current.CancellationToken).First(out var tables)
        ?? tables.FirstWritten(compilation.SyntaxTrees, TestContext.Current.CancellationToken);
}
