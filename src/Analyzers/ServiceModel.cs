using Microsoft.CodeAnalysis;

namespace WatchReload.Analyzers;

/// <summary>
/// What of a compilation concerns more than one type: its behaviors, and what their states and messages lead to. Made when a rule first asks, once a
/// compilation, from declarations alone.
/// </summary>
internal sealed class ServiceModel
{
    private readonly Lazy<IReadOnlyList<(INamedTypeSymbol Class, INamedTypeSymbol Base)>> _behaviors;
    private readonly Lazy<ILookup<INamedTypeSymbol, (StateProblem Problem, Location At)>> _problems;
    private readonly Lazy<ReachedData> _reached;

    public ServiceModel(ActorsTypes actors, Compilation compilation)
    {
        Actors = actors;
        _behaviors = new(() => [.. Types.All(compilation.Assembly).Where(IsBehavior).Select(t => (t, actors.BehaviorOf(t)!))]);
        _problems = new(FindProblems);
        _reached = new(() => ReachedData.Of(compilation, this));
    }

    public ActorsTypes Actors { get; }

    public AssemblyTypes Types { get; } = new();

    /// <summary>All that states and messages of this compilation can hold.</summary>
    public ReachedData Reached => _reached.Value;

    /// <summary>The behaviors that a node makes, as it finds them.</summary>
    public IEnumerable<INamedTypeSymbol> Roots => _behaviors.Value.SelectMany(b => b.Base.TypeArguments).OfType<INamedTypeSymbol>();

    /// <summary>What is not data, under the type that has the member, or the behavior where there is none.</summary>
    public IEnumerable<(StateProblem Problem, Location At)> ProblemsOf(INamedTypeSymbol type) => _problems.Value[type];

    private bool IsBehavior(INamedTypeSymbol type) => type is { TypeKind: TypeKind.Class, IsAbstract: false } && !type.AllTypeArguments().Any() && Actors.BehaviorOf(type) is not null;

    private ILookup<INamedTypeSymbol, (StateProblem, Location)> FindProblems()
    {
        var told = new HashSet<(Location, string)>();
        var found = new List<(INamedTypeSymbol Owner, StateProblem Problem, Location At)>();
        foreach (var (behavior, with) in _behaviors.Value)
        {
            foreach (var problem in with.TypeArguments.SelectMany(root => StatePlainDataCheck.Problems(root, Types)))
            {
                var symbol = problem.Written ?? behavior;
                // A state that several behaviors lead to is told of once.
                if (symbol.Locations.FirstOrDefault(l => l.IsInSource) is not { } at || !told.Add((at, problem.Written is null ? problem.Text : TypeNames.Full(problem.Type)))) continue;
                var owner = problem.Written is null ? behavior : problem.Written.ContainingType;
                found.Add((owner.OriginalDefinition, problem, at));
            }
        }

        return found.ToLookup(f => f.Owner, f => (f.Problem, f.At), (IEqualityComparer<INamedTypeSymbol>)SymbolEqualityComparer.Default);
    }
}
