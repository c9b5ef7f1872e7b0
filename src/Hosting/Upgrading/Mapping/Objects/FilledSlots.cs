using System.Runtime.CompilerServices;

namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>Empty slots of a collection lead nowhere, and there may be millions of them.</summary>
internal static class FilledSlots
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Count(ReadOnlySpan<object?> slots)
    {
        var filled = 0;
        foreach (var slot in slots)
        {
            if (slot is not null) filled++;
        }

        return filled;
    }
}
