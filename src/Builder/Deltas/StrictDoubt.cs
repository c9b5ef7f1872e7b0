using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace WatchReload.Builder.Deltas;

/// <summary>
/// What the compiler says of a whole project, and not of a difference: what may be null, what is wrong with comments, and what is unused. Where that can be an error it is asked of what is edited.
/// </summary>
internal static class StrictDoubt
{
    private const string UnusedUsing = "CS8019";

    /// <summary>What is unused, what is wrong with comments, and what may be null: the numbers of the compiler's warnings of these kinds lie between those.</summary>
    private static readonly string[] Asked = [UnusedUsing, "CS0067", "CS0169", "CS0414", "CS0649", .. Numbers(1570, 1592), .. Numbers(8597, 8670), "CS8714", .. Numbers(8762, 8777), "CS8819", "CS8824", "CS8825", "CS8847"];

    private static IEnumerable<string> Numbers(int first, int last) => Enumerable.Range(first, last - first + 1).Select(number => $"CS{number}");

    /// <summary>Whether warnings of the compiler can be errors in a project, by its options or its configuration files. The SDK's own, NU1605 and SYSLIB0011, are none of these.</summary>
    public static bool IsFor(CSharpCompilation compilation, CancellationToken cancellation) => compilation.Options.GeneralDiagnosticOption == ReportDiagnostic.Error
        || compilation.Options.SpecificDiagnosticOptions.Any(option => option.Value == ReportDiagnostic.Error && option.Key.StartsWith("CS", StringComparison.Ordinal))
        || compilation.Options.SyntaxTreeOptionsProvider is { } provider && Asked.Any(id =>
            provider.TryGetGlobalDiagnosticValue(id, cancellation, out var global) && global == ReportDiagnostic.Error
            || compilation.SyntaxTrees.Any(tree => provider.TryGetDiagnosticValue(tree, id, cancellation, out var local) && local == ReportDiagnostic.Error));

    /// <summary>Whether it is an error that a using is not used, which is told of whole files.</summary>
    public static bool TellsUsings(CSharpCompilation compilation, SyntaxTree tree, CancellationToken cancellation) =>
        compilation.Options.SpecificDiagnosticOptions.GetValueOrDefault(UnusedUsing) is ReportDiagnostic.Error or ReportDiagnostic.Warn
        || compilation.Options.SyntaxTreeOptionsProvider is { } provider
            && ((provider.TryGetDiagnosticValue(tree, UnusedUsing, cancellation, out var local) ? local : provider.TryGetGlobalDiagnosticValue(UnusedUsing, cancellation, out var global) ? global : default) is ReportDiagnostic.Error or ReportDiagnostic.Warn);

    /// <summary>The same of all that a type declares, and of what it may not use any more.</summary>
    /// <param name="before">The project as it was.</param>
    /// <param name="now">As it is.</param>
    /// <param name="type">As it is.</param>
    /// <param name="cancellation">Breaks it off.</param>
    public static string? OfType(CSharpCompilation before, CSharpCompilation now, INamedTypeSymbol type, CancellationToken cancellation) => UnusedDoubt.Of(before, now, type, cancellation)
        ?? type.DeclaringSyntaxReferences.Select(reference => Of(now, reference.GetSyntax(cancellation), cancellation)).FirstOrDefault(doubt => doubt is not null);

    /// <summary>Why a declaration would fail the build; null when it would not.</summary>
    /// <param name="compilation">The project with it.</param>
    /// <param name="declaration">Of a type or a member, with what is before it.</param>
    /// <param name="cancellation">Breaks it off.</param>
    public static string? Of(CSharpCompilation compilation, SyntaxNode declaration, CancellationToken cancellation) =>
        compilation.GetSemanticModel(declaration.SyntaxTree).GetDiagnostics(declaration.FullSpan, cancellation)
            .FirstOrDefault(diagnostic => diagnostic is { Severity: DiagnosticSeverity.Error, IsSuppressed: false }) is { } error ? $"it does not compile ({error.Id})" : null;
}
