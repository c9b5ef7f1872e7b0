using System.Reflection;
using WatchReload.Actors;

namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>Finds types by the names they had. Built when first asked: most reloads rename nothing.</summary>
internal sealed class FormerTypeNames
{
    private readonly Lazy<ILookup<string, Type>> _byFormer;
    private readonly Lazy<Dictionary<string, Type>> _byName;

    public FormerTypeNames(IEnumerable<Type> newTypes)
    {
        _byFormer = new(() => newTypes.SelectMany(t => Former(t).Select(n => (Name: n, Type: t))).ToLookup(x => x.Name, x => x.Type));
        _byName = new(() => newTypes.GroupBy(TypeNames.Dotted).ToDictionary(g => g.Key, g => g.First()));
    }

    /// <summary>New types that say they were called as <paramref name="old"/> is; more than one is a mistake.</summary>
    public IReadOnlyList<Type> WereCalled(Type old) => [.. _byFormer.Value[TypeNames.Dotted(old)]];

    /// <summary>New types whose names <paramref name="old"/> says it had: the way back of a renaming.</summary>
    public IReadOnlyList<Type> Predecessors(Type old) => [.. Former(old).Select(_byName.Value.GetValueOrDefault).OfType<Type>().Distinct()];

    // Of a nested type also those it had through its outer type's former names.
    private static IEnumerable<string> Former(Type type) => All(type).Skip(1);

    private static IEnumerable<string> All(Type type)
    {
        var outers = type.DeclaringType is { } outer ? All(outer).ToArray() : null;
        foreach (var name in Own(type))
        {
            if (outers is not null && !name.IsWhole)
            {
                foreach (var prefix in outers) yield return $"{prefix}.{name.Text}";
            }
            else
            {
                yield return name.IsWhole || type.Namespace is null ? name.Text : $"{type.Namespace}.{name.Text}";
            }
        }
    }

    private static IEnumerable<(string Text, bool IsWhole)> Own(Type type)
    {
        yield return (SourceNames.Short(type), false);
        if (!type.IsDefined(typeof(FormerNameAttribute), false)) yield break;
        foreach (var attribute in type.GetCustomAttributes<FormerNameAttribute>(false))
        {
            var tick = type.Name.IndexOf('`');
            var arity = tick < 0 || attribute.Name.Contains('`') ? "" : type.Name[tick..];
            var text = attribute.Name.Replace('+', '.') + arity;
            yield return (text, text.Contains('.'));
        }
    }
}
