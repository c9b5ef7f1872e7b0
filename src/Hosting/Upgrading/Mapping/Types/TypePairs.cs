namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>Finds the new type of an old one: by full name, by former name, and through arrays and type arguments.</summary>
internal sealed class TypePairs(ITypePairing pairing, MappingDirection direction)
{
    private readonly FormerTypeNames _former = new(pairing.NewTypes);
    private readonly Lazy<HashSet<System.Reflection.Assembly>> _newAssemblies = new(() => [.. pairing.NewTypes.Select(t => t.Assembly)]);

    public IEnumerable<Type> NewTypes => pairing.NewTypes;

    /// <summary>Null when there is none, or more than one.</summary>
    public Type? Counterpart(Type old)
    {
        if (old.IsArray)
        {
            var element = Counterpart(old.GetElementType()!);
            return element is null ? null : old.IsSZArray ? element.MakeArrayType() : element.MakeArrayType(old.GetArrayRank());
        }

        if (!old.IsConstructedGenericType) return Named(old);
        if (Named(old.GetGenericTypeDefinition()) is not { } definition) return null;
        var arguments = Array.ConvertAll(old.GetGenericArguments(), Counterpart);
        if (definition.GetGenericArguments().Length != arguments.Length || arguments.Contains(null)) return null;
        return Construct(definition, arguments!);
    }

    /// <summary>Null when the arguments do not meet the constraints of the new code: no object fits.</summary>
    public static Type? Construct(Type definition, Type[] arguments)
    {
        try
        {
            return definition.MakeGenericType(arguments);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Whether the type, or one that it is built of, belongs to an assembly that is reloaded.</summary>
    public bool IsReloaded(Type type)
    {
        if (type.HasElementType) return IsReloaded(type.GetElementType()!);
        if (!type.IsConstructedGenericType) return pairing.IsReloaded(type);
        return pairing.IsReloaded(type.GetGenericTypeDefinition()) || type.GetGenericArguments().Any(IsReloaded);
    }

    /// <summary>Whether the type itself is one of the service's, of either side.</summary>
    public bool IsOwn(Type type)
    {
        var definition = type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : type;
        return !type.HasElementType && (pairing.IsReloaded(definition) || _newAssemblies.Value.Contains(definition.Assembly));
    }

    /// <summary>Why <see cref="Counterpart"/> has nothing for this type, with the remedy.</summary>
    public string Missing(Type old)
    {
        if (old.HasElementType) return Missing(old.GetElementType()!);
        if (old.IsConstructedGenericType)
        {
            var (part, definition) = (old.GetGenericArguments().FirstOrDefault(a => Counterpart(a) is null), old.GetGenericTypeDefinition());
            if (part is not null || Named(definition) is not { } now) return Missing(part ?? definition);
            var (had, has) = (definition.GetGenericArguments().Length, now.GetGenericArguments().Length);
            return had == has
                ? $"{TypeNames.Full(old)} does not meet the constraints that {TypeNames.Full(now)} has now; loosen them"
                : $"{TypeNames.Full(old)} has {had} type arguments, and {TypeNames.Full(now)} has {has}; keep them";
        }

        var candidates = Candidates(old);
        return candidates.Count > 1
            ? $"{string.Join(" and ", candidates.Select(TypeNames.Full))} both have the former name {TypeNames.Full(old)}; leave it to one of them"
            : $"{TypeNames.Full(old)} is no longer there; keep it, or put [FormerName(\"{SourceNames.Short(old)}\")] on the type that it has become";
    }

    private Type? Named(Type old)
    {
        if (!pairing.IsReloaded(old)) return old;
        if (pairing.Counterpart(old) is { } namesake) return namesake;
        return Candidates(old) is [var only] ? only : null;
    }

    private IReadOnlyList<Type> Candidates(Type old)
    {
        var found = _former.WereCalled(old);
        return found.Count == 0 && direction == MappingDirection.Rollback ? _former.Predecessors(old) : found;
    }
}
