using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;

namespace WatchReload.Builder.Deltas;

/// <summary>Makes the delta from a loaded state of an assembly to what its project says now.</summary>
/// <remarks>
/// Theory of operation. The trees of both states are compared, source files declaration by declaration and generated ones as texts. Types may come (<see cref="AddedTypes"/>). If what was there differs in bodies
/// and in added methods alone, and each of those can be taken up with the effect of a load, the compiler emits the difference. Where a type is declared otherwise it may be made anew
/// (<see cref="RemadeTypes"/>). Everything else is a doubt: nothing has happened then, and the whole project is compiled. A body that does not compile is a doubt too; the whole compilation says what is wrong.
/// </remarks>
internal sealed class DeltaMaker(DeltaPoint from, CSharpCompilation sources, CSharpCompilation now, DeltaSurroundings around, CallerLines lines, bool warningsAreErrors, CancellationToken cancellation)
{
    private const int Largest = 300_000;
    private readonly List<SemanticEdit> _edits = [];
    private readonly List<SyntaxNode> _members = [];
    private readonly Dictionary<INamedTypeSymbol, List<SyntaxNode>> _bodies = new(SymbolEqualityComparer.Default);

    private EarlierObjects Earlier => field ??= EarlierObjects.Of(from.Compilation.SyntaxTrees.Concat(around.Others()), cancellation);

    public DeltaResult Make()
    {
        if (Changed(out var changed, out var files) is { } other)
            return new DeltaResult { Doubt = other };
        if (files.Concat(changed.Select(trees => trees.After)).Any(IsBroken))
            return new DeltaResult { Doubt = "it does not compile" };
        if (warningsAreErrors && files.Concat(changed.Select(trees => trees.After)).Any(tree => StrictDoubt.TellsUsings(now, tree, cancellation)))
            return new DeltaResult { Doubt = "a using may be unused now, which would be an error" };
        var service = new ServiceEdit(from, now, lines, warningsAreErrors, cancellation);
        var added = new AddedTypes(changed, files, from, now, around, cancellation);
        var types = new TypeDoubt(from, now, around, service, warningsAreErrors, cancellation);
        if ((added.Doubt ?? added.Take(types)) is { } hindered)
            return new DeltaResult { Doubt = hindered };
        if ((Compare(changed, added.Names) ?? (_edits.Count > 0 ? RefusableTypes.First(added.Types, _members, around) : null)) is not { } doubt)
            return _edits.Count + added.Types.Count == 0 ? new DeltaResult { Doubt = "no body is another" } : Emit([.. _edits, .. added.Edits], added.Types, isApart: _edits.Count == 0);
        var remade = new RemadeTypes(from, now, around, lines, service, added, types, cancellation);
        return remade.Find(changed) is { } why ? new DeltaResult { Doubt = $"{doubt}; {why}" } : Because(doubt, Emit([.. remade.Edits, .. added.Edits], [.. remade.Types, .. added.Types], isApart: true));
    }

    private static DeltaResult Because(string doubt, DeltaResult result) => result.Doubt is { } why ? new DeltaResult { Doubt = $"{doubt}; {why}" } : result with { MoreThanBodies = doubt };

    /// <param name="edits">What the compiler is told.</param>
    /// <param name="types">Those that are new in metadata.</param>
    /// <param name="isApart">Nothing that runs is another.</param>
    private DeltaResult Emit(IReadOnlyList<SemanticEdit> edits, IReadOnlyList<INamedTypeSymbol> types, bool isApart)
    {
        using var metadata = new MemoryStream();
        using var il = new MemoryStream();
        using var symbols = new MemoryStream();
        EmitDifferenceResult result;
        try
        {
            result = now.EmitDifference(from.Baseline, edits, static _ => false, metadata, il, symbols, cancellation);
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
        var emitted = new EmittedTypes(types, from, now, around, cancellation);
        var tables = metadata.ToArray();
        if (DeltaTables.UsesIn(tables, now).FirstOrDefault(name => around.Hot.Contains(name) && name != now.AssemblyName && !from.Uses.Contains(name)) is { } first)
            return new DeltaResult { Doubt = $"the code that is loaded does not use {first} yet" };
        if ((types.Count > 0 ? emitted.Doubt(tables) : emitted.DoubtOfMembers(tables)) is { } doubt)
            return new DeltaResult { Doubt = doubt };
        var delta = from.Describe(now.AssemblyName!, tables, il.ToArray(), symbols.ToArray(), result) with { Apart = isApart, Defaults = emitted.Defaults, Remade = emitted.Names };
        return new DeltaResult
        {
            Delta = delta,
            To = from.Next(delta, sources, now, result.Baseline, cancellation),
            Diagnostics = [.. result.Diagnostics],
            AddsMethods = edits.Any(edit => edit is { Kind: SemanticEditKind.Insert, NewSymbol: IMethodSymbol }),
        };
    }

    private string? Compare(IEnumerable<(SyntaxTree Before, SyntaxTree After)> changed, IReadOnlySet<string> added) => changed.Select(trees => Compare(trees.Before, trees.After, added)).FirstOrDefault(doubt => doubt is not null) ?? _bodies
        .Select(edited => CapturedParameters.FirstDifference(from.Compilation, now, edited.Key, edited.Value, cancellation) is { } captured
            ? $"{edited.Key.Name} may keep the parameter {captured} of its constructor now, or not any more"
            : null)
        .FirstOrDefault(doubt => doubt is not null)
        ?? (warningsAreErrors ? _bodies.Keys.Select(type => UnusedDoubt.Of(from.Compilation, now, type, cancellation)).FirstOrDefault(doubt => doubt is not null) : null);

    /// <summary>The source files that are others, and those that are new; or why no delta can take that up.</summary>
    private string? Changed(out List<(SyntaxTree Before, SyntaxTree After)> changed, out List<SyntaxTree> files)
    {
        (changed, files) = ([], []);
        if (!from.Compilation.References.SequenceEqual(now.References))
            return "what it is compiled against is another";
        var before = from.Compilation.SyntaxTrees.ToLookup(tree => tree.FilePath, StringComparer.Ordinal);
        foreach (var after in now.SyntaxTrees)
        {
            var isSource = sources.ContainsSyntaxTree(after);
            if (before[after.FilePath].ToList() is not [var tree, .. var others])
            {
                if (!isSource)
                    return $"a generator makes {Path.GetFileName(after.FilePath)} now";
                files.Add(after);
            }
            else if (tree == after)
                continue;
            else if (others.Count > 0)
                return $"several texts are called {Path.GetFileName(after.FilePath)}";
            else if (isSource)
                changed.Add((tree, after));
            else if (!tree.GetText(cancellation).ContentEquals(after.GetText(cancellation)))
                return $"a generator makes another {Path.GetFileName(after.FilePath)}";
        }
        return from.Compilation.SyntaxTrees.Length + files.Count == now.SyntaxTrees.Length ? null : "a file that it was compiled from is gone";
    }

    private bool IsBroken(SyntaxTree tree) => tree.GetDiagnostics(cancellation).Any(diagnostic => diagnostic.Severity == Microsoft.CodeAnalysis.DiagnosticSeverity.Error);

    private string? Compare(SyntaxTree before, SyntaxTree after, IReadOnlySet<string> added)
    {
        var comparison = TreeComparison.Of(before, after, added, name => from.Knows(name, cancellation) || KnownNames.Has(around.Others(), name, cancellation), cancellation);
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
            if (!BaselineChain.Forgets && from.Generation > 0 && BodyDoubt.HasInnerFunctions(edit.Old))
                return $"the compiler may end lambdas of {becomes.Name} that are in use";
            if ((BodyDoubt.Of(edit, becomes) ?? Earlier.Doubt(becomes) ?? (warningsAreErrors ? StrictDoubt.Of(now, edit.New, cancellation) : null)) is { } doubt)
                return doubt;
            _edits.Add(new SemanticEdit(SemanticEditKind.Update, was, becomes, syntaxMap: null, runtimeRudeEdit: null, default(MethodInstrumentation)));
            _members.Add(edit.New);
            Remember(becomes, BodyEdit.BodyOf(edit.Old)!, BodyEdit.BodyOf(edit.New)!);
        }
        var additions = new AddedMethodDoubt(now, around, warningsAreErrors, cancellation);
        foreach (var declared in comparison.Added)
        {
            if (current.GetDeclaredSymbol(declared, cancellation) is not { } method)
                return "an added member is no method";
            if (additions.Of(declared, method) is { } doubt)
                return doubt;
            _edits.Add(new SemanticEdit(SemanticEditKind.Insert, null, method, syntaxMap: null, runtimeRudeEdit: null, default(MethodInstrumentation)));
            _members.Add(declared);
            Remember(method, BodyEdit.BodyOf(declared)!);
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
