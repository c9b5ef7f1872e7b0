using Microsoft.CodeAnalysis;

namespace WatchReload.Analyzers;

/// <summary>What an object of some type can lead to, one step further.</summary>
internal readonly struct DataPart(ITypeSymbol type, string step, ISymbol? written)
{
    public ITypeSymbol Type { get; } = type;

    /// <summary><c>.Member</c>, <c>[]</c>, <c>(Derived)</c>.</summary>
    public string Step { get; } = step;

    public ISymbol? Written { get; } = written;
}

internal static class DataParts
{
    public static IEnumerable<DataPart> Of(ITypeSymbol type, DataKind kind, AssemblyTypes types)
    {
        if (type is IArrayTypeSymbol array) return [new(array.ElementType, "[]", null)];
        if (type is not INamedTypeSymbol named) return [];
        if (kind == DataKind.Container) return named.TypeArguments.Select(a => new DataPart(a, "[]", null));
        if (type.IsNullable(out var value)) return [new(value, "", null)];

        var members = kind == DataKind.Members ? DataMember.Of(named).Select(m => new DataPart(m.Type, "." + m.Name, m.Written)) : [];
        var derived = named.IsSealed || named.IsValueType || Frameworks.Has(named) || named.ContainingAssembly is null ? []
            : types.Under(named).Select(d => new DataPart(d, $"({TypeNames.Short(d)})", null));
        return members.Concat(derived);
    }
}
