using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using WatchReload.Control;

namespace WatchReload.Builder.Deltas;

/// <summary>Edits that nobody makes, of which nothing comes: after them the compiler's methods are fast when an edit comes.</summary>
internal sealed class DeltaPractice
{
    /// <summary>Bodies that are no delta do not go the whole way: so many are tried in a round.</summary>
    private const int Tries = 4;

    /// <summary>In each so many rounds a type is made anew as well.</summary>
    private const int EachType = 4;

    /// <summary>Bodies that are gone through.</summary>
    private const int Most = 60;

    private bool _addsInVain;
    private bool _isInVain;
    private (DeltaPoint Of, List<MethodDeclarationSyntax> Methods)? _bodies;

    /// <summary>The project is another: what came to nothing may come to something.</summary>
    public void Anew() => (_addsInVain, _isInVain, _bodies) = (false, false, null);

    /// <summary>Holds nothing of the state that it went from.</summary>
    public void LetGo() => _bodies = null;

    /// <summary>With a body and a method after it, another one each round. Null: it came to no delta, with any of some bodies.</summary>
    /// <param name="point">What is edited.</param>
    /// <param name="round">From zero on.</param>
    /// <param name="edit">Makes the delta of a source file that becomes another; null when it is none.</param>
    /// <param name="cancellation">Breaks it off.</param>
    public AssemblyDelta? Go(DeltaPoint point, int round, Func<SyntaxTree, SyntaxTree, AssemblyDelta?> edit, CancellationToken cancellation)
    {
        if (_isInVain)
            return null;
        if (_bodies is not { } bodies || bodies.Of != point)
            _bodies = bodies = (point, Bodies(point.Sources, cancellation));
        if (round % EachType == EachType - 1 && Type(point.Sources, round / EachType, cancellation) is { } type)
            edit(type.SyntaxTree, WithMember(type, cancellation));
        for (var tried = 0; tried < Math.Min(Tries, bodies.Methods.Count); tried++)
        {
            var method = bodies.Methods[(round + tried) % bodies.Methods.Count];
            // Where a method cannot be added a body may be replaced all the same.
            if (!_addsInVain && Delta(WithMore(method, adds: true, cancellation)) is { } added)
                return added;
            if (Delta(WithMore(method, adds: false, cancellation)) is not { } delta)
                continue;
            _addsInVain = true;
            return delta;

            AssemblyDelta? Delta(SyntaxTree edited) => edit(method.SyntaxTree, edited) is { Apart: false } made ? made : null;
        }
        _isInVain = true;
        return null;
    }

    /// <summary>The longest first: there is most in them that the compiler may not have met yet.</summary>
    private static List<MethodDeclarationSyntax> Bodies(CSharpCompilation sources, CancellationToken cancellation) => [.. sources.SyntaxTrees
        .SelectMany(tree => tree.GetRoot(cancellation).DescendantNodes(node => node is not MemberDeclarationSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax))
        .OfType<MethodDeclarationSyntax>()
        .Where(declared => declared is { Body: not null, TypeParameterList: null, Parent: ClassDeclarationSyntax { TypeParameterList: null } })
        .OrderByDescending(declared => declared.Span.Length)
        .Take(Most)];

    private static SyntaxTree WithMore(MethodDeclarationSyntax method, bool adds, CancellationToken cancellation) =>
        method.SyntaxTree.WithChangedText(method.SyntaxTree.GetText(cancellation).WithChanges(
            new TextChange(new TextSpan(method.Body!.OpenBraceToken.Span.End, 0), " ; "),
            new TextChange(new TextSpan(method.Span.End, 0), adds ? " private static void _added() { }" : "")));

    /// <summary>One that may be made anew, another each time; null when there is none.</summary>
    private static TypeDeclarationSyntax? Type(CSharpCompilation sources, int number, CancellationToken cancellation)
    {
        var types = sources.SyntaxTrees.SelectMany(tree => TypeTexts.Of(tree, cancellation).Types).Where(type => type.Obstacle is null).Select(type => type.Declaration).OfType<TypeDeclarationSyntax>()
            .Where(type => !type.OpenBraceToken.IsKind(SyntaxKind.None)).ToList();
        return types.Count == 0 ? null : types[number % types.Count];
    }

    private static SyntaxTree WithMember(TypeDeclarationSyntax type, CancellationToken cancellation) =>
        type.SyntaxTree.WithChangedText(type.SyntaxTree.GetText(cancellation).WithChanges(new TextChange(new TextSpan(type.OpenBraceToken.Span.End, 0), " private static int _added => 1; ")));
}
