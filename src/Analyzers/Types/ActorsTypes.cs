using Microsoft.CodeAnalysis;

namespace WatchReload.Analyzers;

/// <summary>What of WatchReload.Actors the rules are about, as this compilation sees it.</summary>
internal sealed class ActorsTypes
{
    private const string Namespace = "WatchReload.Actors";

    private readonly INamedTypeSymbol _behavior;
    private readonly INamedTypeSymbol? _connectionBehavior;
    private readonly INamedTypeSymbol? _service;
    private readonly INamedTypeSymbol? _request;
    private readonly INamedTypeSymbol? _adapt;

    private ActorsTypes(INamedTypeSymbol behavior, Compilation compilation)
    {
        _behavior = behavior;
        _connectionBehavior = compilation.GetTypeByMetadataName($"{Namespace}.ConnectionBehavior`2");
        _service = compilation.GetTypeByMetadataName($"{Namespace}.IService");
        _request = compilation.GetTypeByMetadataName($"{Namespace}.IRequest`2");
        _adapt = compilation.GetTypeByMetadataName($"{Namespace}.IAdapt`2");
        Upgrade = compilation.GetTypeByMetadataName($"{Namespace}.IUpgrade`2");
        Downgrade = compilation.GetTypeByMetadataName($"{Namespace}.IDowngrade`2");
    }

    /// <summary><c>IUpgrade&lt;TOld, TNew&gt;</c>.</summary>
    public INamedTypeSymbol? Upgrade { get; }

    /// <summary><c>IDowngrade&lt;TNew, TOld&gt;</c>.</summary>
    public INamedTypeSymbol? Downgrade { get; }

    /// <summary>Null: the compilation has nothing to do with WatchReload.</summary>
    public static ActorsTypes? Of(Compilation compilation) =>
        compilation.GetTypeByMetadataName($"{Namespace}.Behavior`2") is { } behavior ? new ActorsTypes(behavior, compilation) : null;

    /// <summary>The behavior class that a class derives from, with its state and message types; null when it derives from none.</summary>
    public INamedTypeSymbol? BehaviorOf(INamedTypeSymbol type)
    {
        for (var t = type.BaseType; t is not null; t = t.BaseType)
        {
            if (t.Is(_behavior) || t.Is(_connectionBehavior)) return t;
        }

        return null;
    }

    public bool IsService(INamedTypeSymbol type) => type.TypeKind == TypeKind.Class && !type.IsAbstract && type.AllInterfaces.Any(i => i.Is(_service));

    /// <summary>What a request is answered with, and what an adapter takes: data that goes from one version to another too.</summary>
    public IEnumerable<ITypeSymbol> Crossing(INamedTypeSymbol type) => type.AllInterfaces
        .Where(i => i.Is(_request) || i.Is(_adapt))
        .Select(i => i.TypeArguments[i.Is(_request) ? 1 : 0]);
}
