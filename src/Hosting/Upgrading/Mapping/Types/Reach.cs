using System.Reflection;
using System.Runtime.CompilerServices;

namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>What objects of a type that stays can hold. Remembers by weak keys: the types may be those of old versions.</summary>
internal sealed class Reach(TypePairs pairs)
{
    private readonly ConditionalWeakTable<Type, StrongBox<bool>> _canReach = [];
    private readonly ConditionalWeakTable<Type, FieldInfo[]> _fields = [];

    /// <summary>Whether an object of exactly this type can lead to one of a reloaded type.</summary>
    public bool CanReach(Type type)
    {
        if (_canReach.TryGetValue(type, out var known)) return known.Value;
        // The walk takes a type that it is in the middle of for harmless; so only what it ends with is remembered.
        var found = Walk(type, exact: true, []);
        _canReach.AddOrUpdate(type, new StrongBox<bool>(found));
        return found;
    }

    /// <summary>Whether what a copied object has in a member of this type cannot be handed on as it is.</summary>
    public bool MustCopy(Type slot)
    {
        if (TypeNesting.IsEndless(slot)) return true;
        switch (DataKinds.Of(slot))
        {
            case DataKind.Value: return pairs.IsReloaded(slot);
            case DataKind.Clone: return true;
            case DataKind.Container: return ContainerTypes.Of(slot) is not { IsMutable: false } container || MustCopy(container.First) || (container.Second is { } second && MustCopy(second));
            case DataKind.Members when slot.IsValueType: return pairs.IsReloaded(slot) || DataMember.Of(slot).Any(m => m.Type != slot && MustCopy(m.Type));
            default: return Walk(slot, exact: false, []);
        }
    }

    /// <summary>The objects that <paramref name="owner"/>, of a type that stays, refers to and that may matter.</summary>
    public IEnumerable<object> Parts(object owner)
    {
        var type = ContainerTypes.Named(owner.GetType()) ?? owner.GetType();
        if (owner is Array { Rank: > 1 } grid) return grid.Cast<object?>().OfType<object>();
        if (ContainerTypes.Of(type) is { } container)
        {
            var items = container.Read(owner);
            return items.First.Concat(items.Second ?? []).Append(container.Comparer(owner)).OfType<object>();
        }

        return Fields(type).Select(f => f.GetValue(owner)).OfType<object>();
    }

    /// <summary>Those of a type, which is no collection, that may hold what matters.</summary>
    public IReadOnlyList<FieldInfo> Fields(Type type) => _fields.GetValue(type, t => [.. DataMember.Of(t).Where(m => Walk(m.Type, exact: false, [])).Select(m => m.Field)]);

    private bool Walk(Type type, bool exact, HashSet<Type> met)
    {
        if (pairs.IsReloaded(type) || TypeNesting.IsEndless(type)) return true;
        if (!met.Add(type)) return false;
        switch (DataKinds.Of(type))
        {
            case DataKind.Value or DataKind.Clone or DataKind.None: return false;
            case DataKind.Open: return true;
            case DataKind.Container when type.IsArray: return Walk(type.GetElementType()!, exact: false, met);
            case DataKind.Container: return (ContainerTypes.Named(type) ?? type).GetGenericArguments().Any(a => Walk(a, exact: false, met));
            // A class that is not sealed may have a derived one that is reloaded.
            default: return (!exact && !type.IsSealed && !type.IsValueType) || DataMember.Of(type).Any(m => Walk(m.Type, exact: false, met));
        }
    }
}
