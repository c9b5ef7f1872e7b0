using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace WatchReload.Analyzers;

/// <summary>Warns of state and messages that a node would refuse to load, where the member is written.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class StateAnalyzer : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.NotData];

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start =>
        {
            if (ActorsTypes.Of(start.Compilation) is not { } actors) return;
            var service = new ServiceModel(actors, start.Compilation);
            start.RegisterSymbolAction(symbol => Analyze(symbol, service), SymbolKind.NamedType);
        });
    }

    private static void Analyze(SymbolAnalysisContext context, ServiceModel service)
    {
        foreach (var (problem, at) in service.ProblemsOf((INamedTypeSymbol)context.Symbol))
            context.ReportDiagnostic(Diagnostic.Create(Rules.NotData, at, problem.Text));
    }
}
