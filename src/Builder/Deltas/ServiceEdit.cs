using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;

namespace WatchReload.Builder.Deltas;

/// <summary>The type that configures the service stays while others are made anew: of it the bodies are replaced that the node runs for each version.</summary>
internal sealed class ServiceEdit(DeltaPoint from, CSharpCompilation now, CallerLines lines, bool warningsAreErrors, CancellationToken cancellation)
{
    private const string Service = "WatchReload.Actors.IService";
    private readonly List<SemanticEdit> _edits = [];
    private readonly List<SyntaxNode> _bodies = [];

    /// <summary>What the compiler is told.</summary>
    public IReadOnlyList<SemanticEdit> Edits => _edits;

    /// <summary>Whether it is one now, by its full name.</summary>
    public bool Is(string name) => IsService(now.Assembly.GetTypeByMetadataName(name));

    /// <summary>Whether it was one or is one, or has one within: then another generation of it would not be what the node calls.</summary>
    public bool IsIn(INamedTypeSymbol type) => EmittedTypes.WithNested(type).Any(IsService)
        || from.Compilation.Assembly.GetTypeByMetadataName(CapturedParameters.MetadataName(type)) is { } before && EmittedTypes.WithNested(before).Any(IsService);

    /// <summary>Of a service the bodies that the node runs for each version are replaced; all else of it must be the same, and mention nothing that is new.</summary>
    /// <param name="name">Its full name.</param>
    /// <param name="called">Identifiers of what is new.</param>
    public string? Take(string name, IReadOnlySet<string> called)
    {
        if (from.Compilation.Assembly.GetTypeByMetadataName(name) is not { } before || now.Assembly.GetTypeByMetadataName(name) is not { } after)
            return $"{name} is not found";
        if (before.DeclaringSyntaxReferences is not [var one] || after.DeclaringSyntaxReferences is not [var other])
            return $"{after.Name} is declared in parts";
        var (old, current) = ((TypeDeclarationSyntax)one.GetSyntax(cancellation), (TypeDeclarationSyntax)other.GetSyntax(cancellation));
        if (old.Members.Count != current.Members.Count || !SyntaxTexts.AreSame(old.WithMembers([]), current.WithMembers([])) || Mentions(current.WithMembers([]), called))
            return $"{after.Name} configures the service";
        var moved = new List<SyntaxNode>();
        foreach (var (was, becomes) in old.Members.Zip(current.Members))
        {
            var isSame = SyntaxTexts.AreSame(was, becomes);
            if (isSame && !Mentions(becomes, called))
            {
                if (SyntaxTexts.Line(was) != SyntaxTexts.Line(becomes))
                    moved.Add(becomes);
                continue;
            }
            if (was is not MethodDeclarationSyntax method || becomes is not MethodDeclarationSyntax edited
                || BodyEdit.BodyOf(method) is not { } body || BodyEdit.BodyOf(edited) is not { } replaced
                || !SyntaxTexts.AreSame(Head(method), Head(edited)) || Mentions(Head(edited), called))
                return $"{after.Name} configures the service";
            if (Symbol(from.Compilation, method) is not { } symbol || Symbol(now, edited) is not { } next)
                return "a member is not what it was";
            if (!IsOfVersion(symbol) || !IsOfVersion(next))
                return $"{after.Name} configures the service";
            if (warningsAreErrors && (UnusedDoubt.Of(from.Compilation, now, after, cancellation) ?? StrictDoubt.Of(now, edited, cancellation)) is { } strict)
                return strict;
            if (replaced.DescendantNodes().Any(node => node is LocalFunctionStatementSyntax { TypeParameterList: not null }))
                return $"{next.Name} has a generic local function";
            if (!BaselineChain.Forgets && from.Generation > 0 && BodyDoubt.HasInnerFunctions(body))
                return $"the compiler may end lambdas of {next.Name} that are in use";
            _edits.Add(new SemanticEdit(SemanticEditKind.Update, symbol, next, syntaxMap: null, runtimeRudeEdit: null, default(MethodInstrumentation)));
            _bodies.AddRange([body, replaced]);
        }
        if (lines.First(moved) is not null)
            return "code that may tell its line has moved";
        return CapturedParameters.FirstDifference(from.Compilation, now, after, _bodies, cancellation) is { } captured ? $"{after.Name} may keep the parameter {captured} of its constructor now, or not any more" : null;
    }

    private IMethodSymbol? Symbol(CSharpCompilation compilation, MethodDeclarationSyntax method) => compilation.GetSemanticModel(method.SyntaxTree).GetDeclaredSymbol(method, cancellation);

    private static MethodDeclarationSyntax Head(MethodDeclarationSyntax method) => method.WithBody(null).WithExpressionBody(null).WithSemicolonToken(default);

    private static bool Mentions(SyntaxNode node, IReadOnlySet<string> names) => SyntaxTexts.Identifiers(node).Any(names.Contains);

    private static bool IsService(INamedTypeSymbol? type) => type?.AllInterfaces.Any(IsInterface) == true;

    private static bool IsInterface(INamedTypeSymbol type) => type.ToDisplayString() == Service;

    /// <summary>What the node calls for each version.</summary>
    private static bool IsOfVersion(IMethodSymbol method) => method.ContainingType.AllInterfaces.Where(IsInterface).SelectMany(implemented => implemented.GetMembers())
        .Any(member => SymbolEqualityComparer.Default.Equals(method.ContainingType.FindImplementationForInterfaceMember(member), method));
}
