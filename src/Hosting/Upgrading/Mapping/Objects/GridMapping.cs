using System.Runtime.CompilerServices;

namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>Arrays of more than one dimension.</summary>
internal sealed class GridMapping(Type element, ElementMapping mapping) : ObjectMapping
{
    public override Making Making => mapping.Conversion.IsFlat ? Making.AtOnce : Making.Shell;

    public override bool RunsService => mapping.Conversion.RunsService;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override object Make(object old, MappingRun? run)
    {
        var array = (Array)old;
        var (lengths, bounds) = (new int[array.Rank], new int[array.Rank]);
        for (var d = 0; d < array.Rank; d++) (lengths[d], bounds[d]) = (array.GetLength(d), array.GetLowerBound(d));
        var fresh = Array.CreateInstance(element, lengths, bounds);
        if (mapping.Conversion.IsFlat) Visit(old, fresh, run!);
        return fresh;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Visit(object old, object? fresh, MappingRun run)
    {
        var (from, to) = ((Array)old, (Array)fresh!);
        if (from.Length == 0) return;
        var at = new int[from.Rank];
        for (var d = 0; d < at.Length; d++) at[d] = from.GetLowerBound(d);
        do
        {
            to.SetValue(mapping.Conversion.Apply(from.GetValue(at), run, mapping.Slot), at);
        }
        while (Next(from, at));
    }

    public override void Compile() => mapping.Conversion.Compile(inline: false);

    private static bool Next(Array array, int[] at)
    {
        for (var d = at.Length - 1; d >= 0; d--)
        {
            if (++at[d] <= array.GetUpperBound(d)) return true;
            at[d] = array.GetLowerBound(d);
        }

        return false;
    }
}
