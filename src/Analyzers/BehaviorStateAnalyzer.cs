using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace WatchReload.Analyzers;

/// <summary>Warns of fields and properties of a behavior that are more than what it was given when it was made.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class BehaviorStateAnalyzer : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.BehaviorState];

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start =>
        {
            if (ActorsTypes.Of(start.Compilation) is { } actors) start.RegisterSymbolAction(symbol => Analyze(symbol, actors), SymbolKind.NamedType);
        });
    }

    private static void Analyze(SymbolAnalysisContext context, ActorsTypes actors)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (type.TypeKind != TypeKind.Class || actors.BehaviorOf(type) is null || GeneratedCode.Has(type)) return;
        foreach (var member in StoredMember.Of(type, isStatic: false))
        {
            if (!member.IsReadOnly || HoldsState(member, type)) Report(member.Written);
        }

        foreach (var parameter in AssignedParameters.Of(type)) Report(parameter);

        void Report(ISymbol symbol) => context.ReportDiagnostic(Diagnostic.Create(Rules.BehaviorState, symbol.Locations[0], symbol.Name, type.Name));
    }

    // A collection that the behavior makes itself is filled by turns; one that comes through the constructor is a dependency.
    private static bool HoldsState(StoredMember member, INamedTypeSymbol type)
    {
        if (Initializer(member.Written) is { } initializer)
        {
            return initializer is IdentifierNameSyntax ? false
                : MutableCollections.Has(member.Type) || initializer is ArrayCreationExpressionSyntax { Initializer: null };
        }

        return MutableCollections.Has(member.Type) && !type.InstanceConstructors.Any(c => c.Parameters.Any(p => Symbols.Same(p.Type, member.Type)));
    }

    private static ExpressionSyntax? Initializer(ISymbol member) => member.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() switch
    {
        VariableDeclaratorSyntax variable => variable.Initializer?.Value,
        PropertyDeclarationSyntax property => property.Initializer?.Value,
        _ => null,
    };
}
