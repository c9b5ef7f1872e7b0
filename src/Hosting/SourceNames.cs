using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace WatchReload.Hosting;

/// <summary>
/// Names of types as the author of the code gave them. A type that a delta has made anew has a number behind its name in metadata (<c>State#2</c>); whatever compares, keeps or tells a name
/// uses the one without.
/// </summary>
internal static partial class SourceNames
{
    // Of the types that were ever made anew, the full names.
    private static readonly ConditionalWeakTable<Type, string> _names = [];
    private static volatile bool _some;

    /// <summary>The full name that an outermost type of a delta stands for; null when it was not made anew.</summary>
    public static string? Learn(Type type)
    {
        if (type.IsNested || type.FullName is not { } name || Number().Match(name) is not { Success: true } number || number.Index + number.Length != name.Length) return null;
        _some = true;
        return _names.GetValue(type, _ => name[..number.Index]);
    }

    /// <summary>The same of any type that was learnt, or that stands in one, for the outermost; null when that was not made anew.</summary>
    /// <param name="type">Not made of others, as arrays are.</param>
    /// <param name="outermost">The type that it stands in, or itself.</param>
    public static string? MadeAnew(Type type, out Type outermost)
    {
        outermost = type;
        while (outermost.DeclaringType is { } outer) outermost = outer;
        return _some && _names.TryGetValue(outermost, out var name) ? name : null;
    }

    /// <summary>The full name; that of nested types has a plus sign.</summary>
    public static string Full(Type type) => Plain(type, type.FullName ?? type.Name);

    /// <summary>Without namespace and outer types.</summary>
    public static string Short(Type type) => Plain(type, type.Name);

    private static string Plain(Type type, string name) => _some && name.Contains('#', StringComparison.Ordinal) && IsMadeAnew(type) ? Number().Replace(name, "") : name;

    /// <summary>The type, or one that it is made of.</summary>
    private static bool IsMadeAnew(Type type) => type.HasElementType ? IsMadeAnew(type.GetElementType()!)
        : !type.IsGenericParameter && (MadeAnew(type, out _) is not null || (type.IsConstructedGenericType && Array.Exists(type.GenericTypeArguments, IsMadeAnew)));

    [GeneratedRegex("#[0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
