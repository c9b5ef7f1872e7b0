using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace WatchReload.Actors.Tests.PublicApi;

/// <summary>The public and protected surface of an assembly, as text that a person can review: a line a member, sorted.</summary>
internal static class PublicApiText
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Of(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().OrderBy(TypeText.FullName, StringComparer.Ordinal))
        {
            text.Append(Header(type)).Append('\n');
            foreach (var member in Members(type)) text.Append("    ").Append(member).Append('\n');
            text.Append('\n');
        }

        return text.ToString();
    }

    private static string Header(Type type)
    {
        var parts = new List<string>();
        if (type.GetCustomAttribute<AttributeUsageAttribute>() is { } usage) parts.Add($"[AttributeUsage({usage.ValidOn}, AllowMultiple = {usage.AllowMultiple}, Inherited = {usage.Inherited})] ");
        parts.Add(Kind(type));
        parts.Add(" " + TypeText.FullName(type));
        if (type.IsEnum) return string.Concat(parts);
        var bases = (type is { IsClass: true, BaseType: { } parent } && parent != typeof(object) ? [parent] : Array.Empty<Type>())
            .Concat(type.GetInterfaces().Except(type.BaseType?.GetInterfaces() ?? []).OrderBy(TypeText.Name, StringComparer.Ordinal)).Select(TypeText.Name);
        if (bases.Any()) parts.Add(" : " + string.Join(", ", bases));
        parts.Add(TypeText.Constraints(type.GetGenericArguments()));
        return string.Concat(parts);
    }

    private static string Kind(Type type) => type switch
    {
        { IsEnum: true } => "enum",
        { IsInterface: true } => "interface",
        { IsValueType: true } => (type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly " : "") + (IsRecord(type) ? "record struct" : "struct"),
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        _ => (type.IsSealed ? "sealed " : "") + (IsRecord(type) ? "record" : "class"),
    };

    /// <summary>What the compiler writes for a record (equality, printing) is not listed; the word stands for it.</summary>
    private static bool IsRecord(Type type)
        => type.GetMethod("PrintMembers", Declared) is { } print && print.IsDefined(typeof(CompilerGeneratedAttribute));

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
            return Enum.GetNames(type).Select(name => $"{name} = {Convert.ToInt64(Enum.Parse(type, name), System.Globalization.CultureInfo.InvariantCulture)}");
        return type.GetMembers(Declared).Select(MemberText.Of).OfType<string>().Order(StringComparer.Ordinal);
    }
}
