using System.Collections;

namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>How a path names an element: by key where keys are plain, otherwise by position.</summary>
internal static class ElementPath
{
    private const int Longest = 40;

    public static string Of(object container, int index)
    {
        if (container is IDictionary map && Key(map, index) is { } key) return $"[{key}]";
        return container is Array { Rank: > 1 } grid ? $"[{string.Join(", ", Indices(grid, index))}]" : $"[{index}]";
    }

    private static Stack<int> Indices(Array grid, int index)
    {
        var indices = new Stack<int>();
        for (var d = grid.Rank - 1; d >= 0; d--)
        {
            var length = Math.Max(1, grid.GetLength(d));
            indices.Push(grid.GetLowerBound(d) + (index % length));
            index /= length;
        }

        return indices;
    }

    private static string? Key(IDictionary map, int index)
    {
        var position = 0;
        foreach (DictionaryEntry entry in map)
        {
            if (position++ != index) continue;
            return entry.Key switch
            {
                string text => $"\"{(text.Length > Longest ? text[..Longest] + "…" : text)}\"",
                IFormattable value when Frameworks.Has(value.GetType()) => value.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
                _ => null,
            };
        }

        return null;
    }
}
