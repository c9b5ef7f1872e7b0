using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Security.Cryptography;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;
using WatchReload.Control;

namespace WatchReload.Builder.Deltas;

/// <summary>Makes the delta from a loaded state of an assembly to what its project says now.</summary>
/// <remarks>
/// Theory of operation. The trees of both states are compared, source files declaration by declaration and generated ones as texts. If they differ in bodies
/// alone, and each of those bodies can be replaced with the effect of a load, the compiler emits the difference. Everything else is a
/// doubt: nothing has happened then, and the whole project is compiled. A body that does not compile is a doubt too; the whole compilation says what is wrong.
/// </remarks>
internal sealed class DeltaMaker(DeltaPoint from, CSharpCompilation sources, CSharpCompilation now, CallerLines lines, bool warningsAreErrors, CancellationToken cancellation)
{
    private const int Largest = 300_000;
    private readonly List<SemanticEdit> _edits = [];

    public DeltaResult Make()
    {
        if (Compare() is { } doubt)
            return new DeltaResult { Doubt = doubt };
        if (_edits.Count == 0)
            return new DeltaResult { Doubt = "no body is another" };
        using var metadata = new MemoryStream();
        using var il = new MemoryStream();
        using var symbols = new MemoryStream();
        var result = now.EmitDifference(from.Baseline, _edits, static _ => false, metadata, il, symbols, cancellation);
        if (result.Diagnostics.FirstOrDefault(diagnostic => diagnostic.Severity == Microsoft.CodeAnalysis.DiagnosticSeverity.Error && !diagnostic.IsSuppressed) is { } error)
            return new DeltaResult { Doubt = $"it does not compile ({error.Id})" };
        if (!result.Success || result.Baseline is null)
            return new DeltaResult { Doubt = "the compiler makes no difference of it" };
        if (metadata.Length + il.Length + symbols.Length > Largest)
            return new DeltaResult { Doubt = "the difference is large" };
        var delta = Describe(metadata.ToArray(), il.ToArray(), symbols.ToArray(), result);
        return new DeltaResult
        {
            Delta = delta,
            To = new DeltaPoint(from.Mvid, delta.Generation, delta.Id, sources, now, result.Baseline),
            Diagnostics = [.. result.Diagnostics],
        };
    }

    private string? Compare()
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
        var comparison = TreeComparison.Of(before, after, cancellation);
        if (comparison.Doubt is not null)
            return comparison.Doubt;
        if (comparison.Moved.Count > 0 && lines.First(comparison.Moved) is not null)
            return "code that may tell its line has moved";
        if (comparison.Edits.Count == 0)
            return null;
        var (old, current) = (from.Compilation.GetSemanticModel(before), now.GetSemanticModel(after));
        foreach (var edit in comparison.Edits)
        {
            if (Method(old, edit.Old) is not { } was || Method(current, edit.New) is not { } becomes)
                return "a member is not what it was";
            if ((BodyDoubt.Of(edit, becomes) ?? (warningsAreErrors ? BodyDoubt.OfUnused(edit, becomes) : null)) is { } doubt)
                return doubt;
            _edits.Add(new SemanticEdit(SemanticEditKind.Update, was, becomes, syntaxMap: null, runtimeRudeEdit: null, default(MethodInstrumentation)));
        }
        return null;
    }

    private IMethodSymbol? Method(SemanticModel model, SyntaxNode declaration) => model.GetDeclaredSymbol(declaration, cancellation) switch
    {
        IMethodSymbol method => method,
        IPropertySymbol property when declaration is PropertyDeclarationSyntax or IndexerDeclarationSyntax => property.GetMethod,
        _ => null,
    };

    private AssemblyDelta Describe(byte[] metadata, byte[] il, byte[] symbols, EmitDifferenceResult result)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(metadata);
        hash.AppendData(il);
        hash.AppendData(symbols);
        using var provider = MetadataReaderProvider.FromMetadataImage([.. metadata]);
        var reader = provider.GetMetadataReader();
        var module = reader.GetModuleDefinition();
        return new AssemblyDelta
        {
            Assembly = now.AssemblyName!,
            Mvid = from.Mvid,
            Generation = module.Generation,
            Id = reader.GetGuid(module.GenerationId),
            After = from.Id,
            Metadata = metadata,
            IL = il,
            Symbols = symbols,
            Sha256 = Convert.ToHexStringLower(hash.GetHashAndReset()),
            Types = [.. result.ChangedTypes.Select(type => MetadataTokens.GetToken(type))],
        };
    }
}
