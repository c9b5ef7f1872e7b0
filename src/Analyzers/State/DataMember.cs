using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WatchReload.Analyzers;

/// <summary>One instance field, under the name that its author gave it, and where that is written.</summary>
internal sealed class DataMember(string name, ITypeSymbol type, ISymbol? written)
{
    public string Name { get; } = name;

    public ITypeSymbol Type { get; } = type;

    /// <summary>The field, property, event or parameter in the source; null when there is none.</summary>
    public ISymbol? Written { get; } = written;

    /// <summary>All instance fields of a type and its bases that the compilation can see, those of the type itself first.</summary>
    public static IEnumerable<DataMember> Of(INamedTypeSymbol type)
    {
        for (var t = type; t is not null && t.SpecialType is not (SpecialType.System_Object or SpecialType.System_ValueType); t = t.BaseType)
        {
            foreach (var member in Frameworks.Has(t) ? OfFramework(t) : Own(t)) yield return member;
        }
    }

    private static IEnumerable<DataMember> Own(INamedTypeSymbol type)
    {
        var seen = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        foreach (var member in type.GetMembers().Where(m => !m.IsStatic))
        {
            if (member is IFieldSymbol field)
            {
                if (field.AssociatedSymbol is { } associated) seen.Add(associated);
                var written = field.AssociatedSymbol ?? field;
                yield return new DataMember(NameOf(written), field.Type, written);
            }
            else if (member is IEventSymbol { IsAbstract: false } added && IsFieldLike(added) && seen.Add(added))
            {
                yield return new DataMember(added.Name, added.Type, added);
            }
            else if (member is IPropertySymbol property && IsAutomatic(property) && seen.Add(property))
            {
                yield return new DataMember(property.Name, property.Type, property);
            }
        }
    }

    // Where the private fields of a framework's type matter and are not in its reference assembly.
    private static IEnumerable<DataMember> OfFramework(INamedTypeSymbol type)
    {
        if (type.IsTupleType) return type.TupleElements.Select(e => new DataMember(e.CorrespondingTupleField?.Name ?? e.Name, e.Type, null));
        var arguments = type.TypeArguments;
        return type.OriginalDefinition.MetadataFullName() switch
        {
            "System.Collections.Generic.KeyValuePair`2" => [new("key", arguments[0], null), new("value", arguments[1], null)],
            "System.ArraySegment`1" => [new("_array[]", arguments[0], null)],
            "System.Collections.Immutable.ImmutableArray`1" => [new("array[]", arguments[0], null)],
            var name when name.StartsWith("System.Tuple`", StringComparison.Ordinal) => arguments.Select((a, i) => new DataMember(i == 7 ? "m_Rest" : $"m_Item{i + 1}", a, null)),
            _ => [],
        };
    }

    // The compiler calls the field of a captured primary constructor parameter <name>P.
    private static string NameOf(ISymbol written) =>
        written.Name.StartsWith("<", StringComparison.Ordinal) && written.Name.IndexOf('>') is > 1 and var end ? written.Name.Substring(1, end - 1) : written.Name;

    private static bool IsFieldLike(IEventSymbol added) => added.DeclaringSyntaxReferences.Any(r => r.GetSyntax() is VariableDeclaratorSyntax);

    // Of a compiled type: its fields are private and not seen, what the compiler wrote for its properties is.
    private static bool IsAutomatic(IPropertySymbol property) => property.DeclaringSyntaxReferences.IsEmpty && !property.IsAbstract
        && property.GetMethod is { } getter && getter.HasAttribute("System.Runtime.CompilerServices.CompilerGeneratedAttribute");
}
