using Microsoft.CodeAnalysis;

namespace WatchReload.Builder.Deltas;

/// <summary>A member whose body is another, and nothing else of it. Its nodes are the declarations that have the body.</summary>
/// <remarks>
/// The whole body is made anew: no local, lambda, closure or state machine of the old one is matched with one of the new. So the compiler adds the
/// closures and state machines of the new body beside those of the old. A turn that is suspended, an iterator half way through and a delegate that somebody holds go on
/// with what they were made of, as they do after a load; nothing ever resumes in the middle of a body that it does not come from.
/// </remarks>
internal sealed record BodyEdit(SyntaxNode Old, SyntaxNode New)
{
    /// <summary>Block or expression.</summary>
    public static SyntaxNode? BodyOf(SyntaxNode declaration) =>
        declaration.ChildNodes().FirstOrDefault(node => node is Microsoft.CodeAnalysis.CSharp.Syntax.BlockSyntax or Microsoft.CodeAnalysis.CSharp.Syntax.ArrowExpressionClauseSyntax);
}
