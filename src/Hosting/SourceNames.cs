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
    private static volatile IReadOnlySet<string> _all = new HashSet<string>();

    /// <summary>The type is a later generation of what is called that in source.</summary>
    public static void Learn(Type type, string name)
    {
        _names.AddOrUpdate(type, name);
        if (!_all.Contains(name)) _all = new HashSet<string>(_all, StringComparer.Ordinal) { name };
    }

    /// <summary>The name in source that a type's own stands for, if it has a number and ends with it; null when it has none.</summary>
    public static string? Of(Type type) => type is { IsNested: false, FullName: { } name } && Number().Match(name) is { Success: true } number && number.Index + number.Length == name.Length ? name[..number.Index] : null;

    /// <summary>A text in which names of types stand, as the categories of loggers: without the numbers behind those that were made anew.</summary>
    public static string InText(string text) => _all.Count > 0 && text.Contains('#', StringComparison.Ordinal)
        ? NumberedName().Replace(text, match => _all.Contains(match.Groups["name"].Value) ? match.Groups["name"].Value : match.Value)
        : text;

    /// <summary>The same of any type that was learnt, or that stands in one, for the outermost; null when that was not made anew.</summary>
    /// <param name="type">Not made of others, as arrays are.</param>
    /// <param name="outermost">The type that it stands in, or itself.</param>
    public static string? MadeAnew(Type type, out Type outermost)
    {
        outermost = type;
        while (outermost.DeclaringType is { } outer) outermost = outer;
        return _all.Count > 0 && _names.TryGetValue(outermost, out var name) ? name : null;
    }

    /// <summary>The full name; that of nested types has a plus sign.</summary>
    public static string Full(Type type) => Plain(type, type.FullName ?? type.Name);

    /// <summary>Without namespace and outer types.</summary>
    public static string Short(Type type) => Plain(type, type.Name);

    private static string Plain(Type type, string name) => _all.Count > 0 && name.Contains('#', StringComparison.Ordinal) && IsMadeAnew(type) ? Number().Replace(name, "") : name;

    /// <summary>The type, or one that it is made of.</summary>
    private static bool IsMadeAnew(Type type) => type.HasElementType ? IsMadeAnew(type.GetElementType()!)
        : !type.IsGenericParameter && (MadeAnew(type, out _) is not null || (type.IsConstructedGenericType && Array.Exists(type.GenericTypeArguments, IsMadeAnew)));

    [GeneratedRegex(@"(?<name>[\w.]+)#[0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex NumberedName();

    [GeneratedRegex("#[0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
