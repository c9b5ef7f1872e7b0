using WatchReload.Actors;

namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>What the author's own functions have to say about a pair of types.</summary>
/// <param name="Upgrade">Steps of the new code that end in the new type.</param>
/// <param name="Downgrade">Steps of the old code that begin at the old type.</param>
/// <param name="Problem">Why neither can be chosen.</param>
/// <param name="Warning">A function that probably was meant, but does not fit.</param>
internal sealed record UpgradePath(Steps? Upgrade = null, Steps? Downgrade = null, string? Problem = null, string? Warning = null)
{
    public static readonly UpgradePath None = new();
}

/// <summary>
/// Chooses the <c>Upgrade</c> for an old type: the one whose parameter has its shape, directly or through others in a chain. Where a
/// nested type in the parameter is the present one, under its own name, it need not have the old shape: such members are carried
/// over by their own rules first. On the way back <c>Downgrade</c> likewise.
/// </summary>
internal sealed class UpgradePaths(TypePairs pairs, MappingDirection direction)
{
    public UpgradePath Find(Type from, Type to)
    {
        if (from == to) return UpgradePath.None;
        var upgrades = Chains(typeof(IUpgrade<,>), to);
        var downgrades = direction == MappingDirection.Rollback ? Chains(typeof(IDowngrade<,>), from) : [];
        if (upgrades.Count + downgrades.Count == 0) return UpgradePath.None;
        var useless = Useless(typeof(IUpgrade<,>), to) ?? Useless(typeof(IDowngrade<,>), direction == MappingDirection.Rollback ? from : to);
        if (useless is not null) return new UpgradePath(Problem: useless);
        if (ShapeEquality.Equal(pairs, from, to)) return UpgradePath.None;

        foreach (var namesakes in (bool[])[false, true])
        {
            var back = downgrades.Where(chain => ShapeEquality.Equal(pairs, chain[^1], to, namesakes)).ToList();
            var forth = upgrades.Where(chain => ShapeEquality.Equal(pairs, from, chain[0], namesakes)).ToList();
            if (back.Count > 1) return Ambiguous(nameof(IDowngrade<,>.Downgrade), back, from, to);
            if (back.Count == 1) return new UpgradePath(Downgrade: new Steps(typeof(IDowngrade<,>), back[0]));
            if (forth.Count > 1) return Ambiguous(nameof(IUpgrade<,>.Upgrade), forth, from, to);
            if (forth.Count == 1) return new UpgradePath(Upgrade: new Steps(typeof(IUpgrade<,>), forth[0]));
        }

        return new UpgradePath(Warning: NearMiss(from, upgrades));
    }

    /// <summary>Of how many Downgrades of <paramref name="to"/>, once it is the old type, the way back to <paramref name="from"/> would have to choose one.</summary>
    public int WaysBack(Type from, Type to)
    {
        if (from == to || Chains(typeof(IDowngrade<,>), to) is not { Count: > 0 } chains || ShapeEquality.Equal(pairs, from, to)) return 0;
        var exact = chains.Count(chain => ShapeEquality.Equal(pairs, from, chain[^1]));
        return exact > 0 ? exact : chains.Count(chain => ShapeEquality.Equal(pairs, from, chain[^1], namesakes: true));
    }

    // The types of each chain in the order in which the functions run.
    private static List<List<Type>> Chains(Type kind, Type end)
    {
        var chains = new List<List<Type>>();
        var work = new Queue<List<Type>>([[end]]);
        while (work.TryDequeue(out var chain))
        {
            foreach (var next in Next(kind, kind == typeof(IUpgrade<,>) ? chain[0] : chain[^1]))
            {
                if (chain.Contains(next)) continue;
                List<Type> longer = kind == typeof(IUpgrade<,>) ? [next, .. chain] : [.. chain, next];
                chains.Add(longer);
                work.Enqueue(longer);
            }
        }

        return chains;
    }

    // IUpgrade<TOld, TNew> and IDowngrade<TNew, TOld>: both on TNew.
    private static IEnumerable<Type> Next(Type kind, Type type) => type.GetInterfaces()
        .Where(i => i.IsConstructedGenericType && i.GetGenericTypeDefinition() == kind)
        .Select(i => i.GetGenericArguments())
        .Where(a => kind == typeof(IUpgrade<,>) ? a[1] == type : a[0] == type)
        .Select(a => kind == typeof(IUpgrade<,>) ? a[0] : a[1]);

    private string? Useless(Type kind, Type type)
    {
        var equal = Next(kind, type).FirstOrDefault(other => ShapeEquality.Equal(pairs, other, type));
        var name = kind == typeof(IUpgrade<,>) ? nameof(IUpgrade<,>.Upgrade) : nameof(IDowngrade<,>.Downgrade);
        return equal is null ? null
            : $"{name} between {TypeNames.Short(equal)} and {TypeNames.Short(type)} can never be chosen, as both have the same members of the same types; add a member that tells them apart";
    }

    private static UpgradePath Ambiguous(string name, List<List<Type>> chains, Type from, Type to)
    {
        var ways = chains.Select(c => string.Join(" -> ", c.Select(TypeNames.Short)));
        return new UpgradePath(Problem: $"there is more than one {name} from {TypeNames.Short(from)} to {TypeNames.Short(to)}: {string.Join("; ", ways)}; keep one");
    }

    private string? NearMiss(Type from, List<List<Type>> upgrades)
    {
        var names = DataMember.Of(from).Select(m => m.Name).ToHashSet();
        foreach (var chain in upgrades)
        {
            var parameter = chain[0];
            if (!names.SetEquals(DataMember.Of(parameter).Select(m => m.Name))) continue;
            var difference = ShapeEquality.Difference(pairs, from, parameter, namesakes: true);
            return $"Upgrade({TypeNames.Short(parameter)}) is not used: the type of {TypeNames.Short(parameter)}{difference} is not what it was";
        }

        return null;
    }
}
