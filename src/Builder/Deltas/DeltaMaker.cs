using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;

namespace WatchReload.Builder.Deltas;

/// <summary>Makes the delta from a loaded state of an assembly to what its project says now.</summary>
/// <remarks>
/// Theory of operation. The trees of both states are compared, source files declaration by declaration and generated ones as texts. If they differ in bodies
/// and in added methods alone, and each of those can be taken up with the effect of a load, the compiler emits the difference. Everything else is a
/// doubt: nothing has happened then, and the whole project is compiled. A body that does not compile is a doubt too; the whole compilation says what is wrong.
/// </remarks>
internal sealed class DeltaMaker(DeltaPoint from, CSharpCompilation sources, CSharpCompilation now, DeltaSurroundings around, CallerLines lines, bool warningsAreErrors, CancellationToken cancellation)
{
    private const int Largest = 300_000;
    private readonly List<SemanticEdit> _edits = [];
    private readonly Dictionary<INamedTypeSymbol, List<SyntaxNode>> _bodies = new(SymbolEqualityComparer.Default);

    public DeltaResult Make()
    {
        if (Compare() is { } doubt)
            return new DeltaResult { Doubt = doubt };
        if (_edits.Count == 0)
            return new DeltaResult { Doubt = "no body is another" };
        using var metadata = new MemoryStream();
        using var il = new MemoryStream();
        using var symbols = new MemoryStream();
        EmitDifferenceResult result;
        try
        {
            result = now.EmitDifference(from.Baseline, _edits, static _ => false, metadata, il, symbols, cancellation);
        }
        catch (NullReferenceException) when (from.Generation > 0)
        {
            // Of another compiler, which may ask for what BaselineChain has cut.
            return new DeltaResult { Doubt = "the compiler cannot go on from the delta before" };
        }

        if (result.Diagnostics.FirstOrDefault(diagnostic => diagnostic.Severity == Microsoft.CodeAnalysis.DiagnosticSeverity.Error && !diagnostic.IsSuppressed) is { } error)
            return new DeltaResult { Doubt = $"it does not compile ({error.Id})" };
        if (!result.Success || result.Baseline is null)
            return new DeltaResult { Doubt = "the compiler makes no difference of it" };
        if (metadata.Length + il.Length + symbols.Length > Largest)
            return new DeltaResult { Doubt = "the difference is large" };
        var delta = from.Describe(now.AssemblyName!, metadata.ToArray(), il.ToArray(), symbols.ToArray(), result);
        return new DeltaResult
        {
            Delta = delta,
            To = from.Next(delta, sources, now, result.Baseline, cancellation),
            Diagnostics = [.. result.Diagnostics],
            AddsMethods = _edits.Exists(edit => edit.Kind == SemanticEditKind.Insert),
        };
    }

    private string? Compare() => CompareTrees() ?? _bodies
        .Select(edited => CapturedParameters.FirstDifference(from.Compilation, now, edited.Key, edited.Value, cancellation) is { } captured
            ? $"{edited.Key.Name} may keep the parameter {captured} of its constructor now, or not any more"
            : null)
        .FirstOrDefault(doubt => doubt is not null);

    private string? CompareTrees()
    {
        var (before, after) = (from.Compilation.SyntaxTrees, now.SyntaxTrees);
        if (before.Length != after.Length || !from.Compilation.References.SequenceEqual(now.References))
            return "what it is compiled from or against is another";
        for (var i = 0; i < after.Length; i++)
        {
            if (before[i] == after[i])
                continue;
            if (before[i].FilePath != after[i].FilePath)
                return "what it is compiled from is another";
            if (!sources.ContainsSyntaxTree(after[i]))
            {
                if (!before[i].GetText(cancellation).ContentEquals(after[i].GetText(cancellation)))
                    return $"a generator makes another {Path.GetFileName(after[i].FilePath)}";
            }
            else if (Compare(before[i], after[i]) is { } doubt)
            {
                return doubt;
            }
        }
        return null;
    }

    private string? Compare(SyntaxTree before, SyntaxTree after)
    {
        if (after.GetDiagnostics(cancellation).Any(diagnostic => diagnostic.Severity == Microsoft.CodeAnalysis.DiagnosticSeverity.Error))
            return "it does not compile";
        var comparison = TreeComparison.Of(before, after, name => from.Knows(name, cancellation) || KnownNames.Has(around.Others(), name, cancellation), cancellation);
        if (comparison.Doubt is not null)
            return comparison.Doubt;
        if (comparison.Moved.Count > 0 && lines.First(comparison.Moved) is not null)
            return "code that may tell its line has moved";
        if (comparison.Edits.Count == 0 && comparison.Added.Count == 0)
            return null;
        var (old, current) = (from.Compilation.GetSemanticModel(before), now.GetSemanticModel(after));
        foreach (var edit in comparison.Edits)
        {
            if (Method(old, edit.Old) is not { } was || Method(current, edit.New) is not { } becomes)
                return "a member is not what it was";
            if ((BodyDoubt.Of(edit, becomes) ?? (warningsAreErrors ? BodyDoubt.OfUnused(edit, becomes) : null)) is { } doubt)
                return doubt;
            _edits.Add(new SemanticEdit(SemanticEditKind.Update, was, becomes, syntaxMap: null, runtimeRudeEdit: null, default(MethodInstrumentation)));
            Remember(becomes, BodyEdit.BodyOf(edit.Old)!, BodyEdit.BodyOf(edit.New)!);
        }
        var additions = new AddedMethodDoubt(now, around, warningsAreErrors, cancellation);
        foreach (var added in comparison.Added)
        {
            if (current.GetDeclaredSymbol(added, cancellation) is not { } method)
                return "an added member is no method";
            if (additions.Of(added, method) is { } doubt)
                return doubt;
            _edits.Add(new SemanticEdit(SemanticEditKind.Insert, null, method, syntaxMap: null, runtimeRudeEdit: null, default(MethodInstrumentation)));
            Remember(method, BodyEdit.BodyOf(added)!);
        }
        return null;
    }

    private void Remember(IMethodSymbol method, params IEnumerable<SyntaxNode> bodies)
    {
        if (!_bodies.TryGetValue(method.ContainingType, out var known))
            _bodies[method.ContainingType] = known = [];
        known.AddRange(bodies);
    }

    private IMethodSymbol? Method(SemanticModel model, SyntaxNode declaration) => model.GetDeclaredSymbol(declaration, cancellation) switch
    {
        IMethodSymbol method => method,
        IPropertySymbol property when declaration is PropertyDeclarationSyntax or IndexerDeclarationSyntax => property.GetMethod,
        _ => null,
    };
}
