using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace WatchReload.Analyzers;

/// <summary>Warns of static fields that can hold state. Of these the node names at a load those that code changes.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class MutableStaticAnalyzer : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.MutableStatic];

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start =>
        {
            if (ActorsTypes.Of(start.Compilation) is not null) start.RegisterSymbolAction(Analyze, SymbolKind.NamedType);
        });
    }

    private static void Analyze(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (GeneratedCode.Has(type)) return;
        foreach (var member in StoredMember.Of(type, isStatic: true))
        {
            if (!member.IsReadOnly || MutableCollections.Has(member.Type))
                context.ReportDiagnostic(Diagnostic.Create(Rules.MutableStatic, member.Written.Locations[0], $"{type.Name}.{member.Written.Name}"));
        }
    }
}
