namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>
/// Whether two types have one shape: members of the same names whose types are the same or again have one shape. Names of the
/// service's types do not count, names of members do. Recursive types are compared as the infinite trees they stand for: a pair that
/// is being compared counts as equal.
/// </summary>
/// <param name="pairs">Which types are the service's.</param>
/// <param name="namesakes">
/// Whether an old member's type and its counterpart count as equal, whatever their shapes: then an Upgrade may leave nested types to their own mappings.
/// </param>
internal sealed class ShapeEquality(TypePairs pairs, bool namesakes)
{
    private readonly HashSet<(Type, Type)> _assumed = [];

    /// <summary>Where the two differ first, as a member path; null: nowhere.</summary>
    public static string? Difference(TypePairs pairs, Type left, Type right, bool namesakes) => new ShapeEquality(pairs, namesakes).Compare(left, right, root: true);

    public static bool Equal(TypePairs pairs, Type left, Type right, bool namesakes = false) => Difference(pairs, left, right, namesakes) is null;

    private string? Compare(Type left, Type right, bool root)
    {
        if (TypeNesting.IsEndless(left) || TypeNesting.IsEndless(right)) return "";
        if (left == right || !_assumed.Add((left, right))) return null;
        if (!root && (namesakes || left.IsInterface || left.IsAbstract) && pairs.IsReloaded(left) && pairs.Counterpart(left) == right) return null;
        if (left.IsArray || right.IsArray)
        {
            return left.IsArray && right.IsArray && left.GetArrayRank() == right.GetArrayRank()
                ? Compare(left.GetElementType()!, right.GetElementType()!, root: false)
                : "";
        }

        if (left.IsConstructedGenericType && right.IsConstructedGenericType && left.GetGenericTypeDefinition() == right.GetGenericTypeDefinition())
            return CompareArguments(left, right);
        if (!pairs.IsOwn(left) || !pairs.IsOwn(right) || left.IsInterface || right.IsInterface || left.IsValueType != right.IsValueType) return "";
        if (left.IsEnum || right.IsEnum) return left.IsEnum && right.IsEnum && left.GetEnumNames().ToHashSet().SetEquals(right.GetEnumNames()) ? null : "";
        return CompareMembers(left, right);
    }

    private string? CompareArguments(Type left, Type right)
    {
        var (a, b) = (left.GetGenericArguments(), right.GetGenericArguments());
        for (var i = 0; i < a.Length; i++)
        {
            if (Compare(a[i], b[i], root: false) is { } difference) return difference;
        }

        return null;
    }

    private string? CompareMembers(Type left, Type right)
    {
        var (a, b) = (DataMember.Of(left), DataMember.Of(right));
        if (a.Select(m => m.Name).Except(b.Select(m => m.Name)).FirstOrDefault() is { } missing) return "." + missing;
        if (b.Select(m => m.Name).Except(a.Select(m => m.Name)).FirstOrDefault() is { } extra) return "." + extra;
        if (a.Count != b.Count) return "";
        foreach (var group in a.GroupBy(m => m.Name))
        {
            foreach (var (x, y) in group.Zip(b.Where(m => m.Name == group.Key)))
            {
                if (Compare(x.Type, y.Type, root: false) is { } difference) return $".{x.Name}{difference}";
            }
        }

        return null;
    }
}
