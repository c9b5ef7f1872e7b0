using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace WatchReload.Analyzers;

/// <summary>Warns of Upgrades and Downgrades that cannot apply: those a node never finds, and those for which it refuses a reload.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class UpgradeAnalyzer : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        [Rules.Undeclared, Rules.OfAnotherType, Rules.EqualShapes, Rules.Ambiguous, Rules.ImpossibleShape, Rules.NeverMet];

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
        var type = (INamedTypeSymbol)context.Symbol;
        if (type.TypeKind is not (TypeKind.Class or TypeKind.Struct) || type.IsStatic) return;
        foreach (var problem in Undeclared(type, service).Concat(Useless(type, service)).Concat(Ambiguous(type, service))) context.ReportDiagnostic(problem);
    }

    private static IEnumerable<Diagnostic> Undeclared(INamedTypeSymbol type, ServiceModel service)
    {
        foreach (var function in UndeclaredFunction.Of(type, service))
            yield return Diagnostic.Create(Rules.Undeclared, function.Method.Locations[0], function.Method.Name, function.Contract, type.Name, function.More);
    }

    private static IEnumerable<Diagnostic> Useless(INamedTypeSymbol type, ServiceModel service)
    {
        foreach (var step in UpgradeSteps.WrittenOn(type, service.Actors))
        {
            var (name, old, at) = (step.Name, TypeNames.Short(step.Old), UpgradeLocation.Of(step, type));
            if (step.New is ITypeParameterSymbol) continue; // a base for others, which say it of themselves
            if (!Symbols.Same(step.New, type)) yield return Diagnostic.Create(Rules.OfAnotherType, at, name, type.Name, TypeNames.Short(step.New));
            else if (ImpossibleShape.Why(step, service) is { } why) yield return Diagnostic.Create(Rules.ImpossibleShape, at, name, old, why);
            else if (ShapeEquality.Equal(step.Old, type)) yield return Diagnostic.Create(Rules.EqualShapes, at, name, old, type.Name);
            else if (service.Reached is { IsWhole: true } reached && !reached.Has(type)) yield return Diagnostic.Create(Rules.NeverMet, at, name, type.Name, name);
        }
    }

    private static IEnumerable<Diagnostic> Ambiguous(INamedTypeSymbol type, ServiceModel service)
    {
        foreach (var downgrades in (bool[])[false, true])
        {
            var chains = UpgradeChains.Of(type, downgrades, service.Actors);
            for (var i = 0; i < chains.Count; i++)
            {
                var twin = chains.Take(i).FirstOrDefault(other => ShapeEquality.Equal(Old(other), Old(chains[i])));
                if (twin is null) continue;
                var ways = string.Join("; ", new[] { twin, chains[i] }.Select(chain => string.Join(" -> ", chain.Select(TypeNames.Short))));
                yield return Diagnostic.Create(Rules.Ambiguous, type.Locations[0], type.Name, downgrades ? "back to" : "from", ways);
                break;
            }

            ITypeSymbol Old(IReadOnlyList<ITypeSymbol> chain) => chain[downgrades ? chain.Count - 1 : 0];
        }
    }
}
