using System.Reflection;

namespace WatchReload.Hosting.Loading;

/// <summary>
/// Which of several types of one name a release means. A delta may make a type anew beside the one before; both stay loaded, and each belongs to the versions that were made when it was the newest.
/// </summary>
internal sealed class TypeGenerations
{
    public static readonly TypeGenerations First = new([]);

    private readonly Dictionary<(Assembly Assembly, string Name), Type> _newest;

    private TypeGenerations(Dictionary<(Assembly, string), Type> newest) => _newest = newest;

    /// <summary>Some of the release's types were made anew.</summary>
    public bool Any => _newest.Count > 0;

    /// <summary>The same release after a delta.</summary>
    /// <param name="remade">What it has made anew, with their names in source.</param>
    public TypeGenerations With(IReadOnlyDictionary<Type, string> remade)
    {
        if (remade.Count == 0) return this;
        var newest = new Dictionary<(Assembly, string), Type>(_newest);
        foreach (var (type, name) in remade)
        {
            SourceNames.Learn(type, name);
            newest[(type.Assembly, name)] = type;
        }

        return new(newest);
    }

    /// <summary>Whether the type, of an assembly that the release has, is what the release means by its name.</summary>
    public bool Has(Type type) => SourceNames.MadeAnew(type, out var outermost) is { } name
        ? _newest.TryGetValue((type.Assembly, name), out var newest) && newest == outermost
        : !Any || !_newest.ContainsKey((type.Assembly, outermost.FullName!));

    /// <summary>The type of that name, nested ones with a plus sign; null when the assembly has none.</summary>
    public Type? Find(Assembly assembly, string fullName)
    {
        if (!Any) return assembly.GetType(fullName);
        var plus = fullName.IndexOf('+');
        return _newest.TryGetValue((assembly, plus < 0 ? fullName : fullName[..plus]), out var newest)
            ? plus < 0 ? newest : assembly.GetType(newest.FullName + fullName[plus..])
            : assembly.GetType(fullName);
    }

    /// <summary>Of the types that were loaded those that are meant still, and in place of the others what was made since.</summary>
    public IReadOnlyList<Type> Of(IReadOnlyList<Type> loaded) => Any ? [.. loaded.Where(Has), .. _newest.Values.SelectMany(WithNested)] : loaded;

    private static IEnumerable<Type> WithNested(Type type) => type.GetNestedTypes(BindingFlags.Public | BindingFlags.NonPublic).SelectMany(WithNested).Prepend(type);
}
