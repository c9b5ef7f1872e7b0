using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using WatchReload.Control;

namespace WatchReload.Builder.Deltas;

/// <summary>Types that were made anew, or came, as the compiler has emitted them: what a node has to be told of them, and what the runtime would not find.</summary>
/// <param name="types">None stands in another.</param>
/// <param name="from">What the delta is made against.</param>
/// <param name="now">What it leads to.</param>
/// <param name="around">Of the project.</param>
/// <param name="cancellation">Breaks it off.</param>
internal sealed class EmittedTypes(IReadOnlyList<INamedTypeSymbol> types, DeltaPoint from, Compilation now, DeltaSurroundings around, CancellationToken cancellation)
{
    /// <summary>Their full names.</summary>
    public IReadOnlyList<string> Names => [.. types.Select(CapturedParameters.MetadataName)];

    /// <summary>Defaults of their constructors' parameters, which a node may not find in the delta.</summary>
    public IReadOnlyList<ParameterDefault> Defaults => [.. AllDefaults().Where(same => same.Count() == 1).Select(same => same.First())];

    private IEnumerable<IGrouping<(string, string Parameter, string), ParameterDefault>> AllDefaults() => All().SelectMany(type => type.InstanceConstructors.SelectMany(constructor => constructor.Parameters)
        .Where(parameter => parameter.HasExplicitDefaultValue && IsTold(parameter))
        .Select(parameter => ParameterDefault.Of(CapturedParameters.MetadataName(type), parameter.Name, string.Join(',', ((IMethodSymbol)parameter.ContainingSymbol).Parameters.Select(one => one.Name)), parameter.ExplicitDefaultValue)))
        .GroupBy(one => (one.Type, one.Parameter, one.Among));

    /// <summary>Why what was emitted has not the effect of a load; null when it has.</summary>
    /// <param name="metadata">Of the delta.</param>
    public string? Doubt(byte[] metadata)
    {
        if (DeltaTables.Missed(metadata) is { } missed)
            return missed;
        if (DeltaTables.ConstantsIn(metadata) is > 0 and var more && from.Constants + more > DeltaTables.FoundConstants && OfConstants() is { } constants)
            return constants;
        return around.PackageOf(DeltaTables.UsesIn(metadata, now));
    }

    /// <summary>The same of a delta without types, of bodies and methods: their parameters, and those of lambdas, may have defaults.</summary>
    /// <param name="metadata">Of the delta.</param>
    public string? DoubtOfMembers(byte[] metadata) => DeltaTables.Missed(metadata)
        ?? (DeltaTables.ConstantsIn(metadata) is > 0 and var more && from.Constants + more > DeltaTables.FoundConstants && TypeLookups.OfDefaults(now.SyntaxTrees.Concat(around.Others()), cancellation) is { } reader
            ? $"the runtime would not find the defaults of parameters, which {reader} may look for"
            : null);

    /// <summary>Where the runtime does not find constants of deltas: what would be missed. The node is told of defaults of constructors.</summary>
    private string? OfConstants()
    {
        var all = All().ToList();
        if (all.Find(type => type.TypeKind == TypeKind.Enum) is { } named)
            return $"the runtime would not find the names of {named.Name}";
        var texts = all.SelectMany(type => type.DeclaringSyntaxReferences).Select(reference => reference.GetSyntax(cancellation)).ToList();
        if (texts.Exists(text => text.DescendantNodes().Any(node => node is ParenthesizedLambdaExpressionSyntax lambda && lambda.ParameterList.Parameters.Any(parameter => parameter.Default is not null))))
            return "the runtime would not find the default of a lambda's parameter";
        if (AllDefaults().FirstOrDefault(same => same.Count() > 1) is { } several)
            return $"{several.Key.Parameter} has several defaults";
        if (all.Find(type => type is { TypeKind: TypeKind.Class, IsRecord: false } && type.InstanceConstructors.Any(constructor => constructor.Parameters.Any(parameter => parameter.HasExplicitDefaultValue))) is { } injected)
            return $"the runtime would not find the defaults of parameters, which whoever makes {injected.Name} may look for";
        if (all.SelectMany(type => type.InstanceConstructors).SelectMany(constructor => constructor.Parameters).FirstOrDefault(parameter => parameter.HasExplicitDefaultValue && !IsTold(parameter)) is { } untold)
            return $"the runtime would not find the default of {untold.Name}";
        return texts.Exists(text => text.DescendantNodes().OfType<ParameterSyntax>().Any(parameter => parameter.Default is not null)) && TypeLookups.OfDefaults(now.SyntaxTrees.Concat(around.Others()), cancellation) is { } reader
            ? $"the runtime would not find the defaults of parameters, which {reader} may look for"
            : null;
    }

    /// <summary>What JSON does not change on the way: half a character becomes another.</summary>
    private static bool IsTold(IParameterSymbol parameter) => parameter.ExplicitDefaultValue switch
    {
        null => true,
        char one => !char.IsSurrogate(one),
        string text => !text.EnumerateRunes().Contains(Rune.ReplacementChar),
        var value => Type.GetTypeCode(value.GetType()) != TypeCode.Object,
    };

    private IEnumerable<INamedTypeSymbol> All() => types.SelectMany(WithNested);

    /// <summary>The type, and all that stand in it.</summary>
    public static IEnumerable<INamedTypeSymbol> WithNested(INamedTypeSymbol type) => type.GetTypeMembers().SelectMany(WithNested).Prepend(type);
}
