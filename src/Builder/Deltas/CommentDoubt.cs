using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace WatchReload.Builder.Deltas;

/// <summary>The compiler looks at documentation comments when it emits a whole project, and not when it emits a difference. Where what it says of them can be an error it is asked here.</summary>
internal static class CommentDoubt
{
    /// <summary>Why a declaration would fail the build; null when it would not, or comments are not looked at.</summary>
    /// <param name="compilation">The project with it.</param>
    /// <param name="declaration">Of a type or a member.</param>
    /// <param name="cancellation">Breaks it off.</param>
    public static string? Of(CSharpCompilation compilation, SyntaxNode declaration, CancellationToken cancellation)
    {
        if (declaration.SyntaxTree.Options.DocumentationMode != DocumentationMode.Diagnose)
            return null;
        var said = compilation.GetSemanticModel(declaration.SyntaxTree).GetDiagnostics(declaration.FullSpan, cancellation);
        return said.FirstOrDefault(diagnostic => diagnostic is { Severity: DiagnosticSeverity.Error, IsSuppressed: false }) is { } error ? $"it does not compile ({error.Id})" : null;
    }
}
