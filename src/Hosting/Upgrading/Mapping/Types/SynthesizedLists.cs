namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>
/// The read-only lists that the compiler makes for <c>IReadOnlyList&lt;T&gt; x = [a, b];</c>. Their types belong to the service's
/// assembly and have no name to go by; they become arrays.
/// </summary>
internal static class SynthesizedLists
{
    public static bool Has(Type type) => type.Name.StartsWith("<>z__ReadOnly", StringComparison.Ordinal) && type.IsGenericType;

    public static Type Element(Type type) => type.GetGenericArguments()[0];
}
