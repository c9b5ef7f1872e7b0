using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WatchReload.Analyzers;

/// <summary>Something that a type stores a value in: a field, a property that the compiler makes a field for, an event.</summary>
internal sealed class StoredMember(ISymbol written, ITypeSymbol type, bool isReadOnly)
{
    public ISymbol Written { get; } = written;

    public ITypeSymbol Type { get; } = type;

    /// <summary>Whether it can be assigned only while the object, or the type, is made.</summary>
    public bool IsReadOnly { get; } = isReadOnly;

    public static IEnumerable<StoredMember> Of(INamedTypeSymbol type, bool isStatic)
    {
        foreach (var member in type.GetMembers().Where(m => m.IsStatic == isStatic))
        {
            if (member is IFieldSymbol { IsConst: false } field && field.AssociatedSymbol is not IEventSymbol)
            {
                if (field.AssociatedSymbol is IPropertySymbol property) yield return new(property, field.Type, property.SetMethod is null or { IsInitOnly: true });
                else if (!field.IsImplicitlyDeclared) yield return new(field, field.Type, field.IsReadOnly);
            }
            else if (member is IEventSymbol { IsAbstract: false } added && added.DeclaringSyntaxReferences.Any(r => r.GetSyntax() is VariableDeclaratorSyntax))
            {
                yield return new(added, added.Type, isReadOnly: false);
            }
        }
    }
}
