namespace WatchReload.Control;

/// <summary>What the time of a write, as a file system keeps it, says of when it was.</summary>
public static class FileTime
{
    /// <summary>Of those that keep fractions of a second: Linux takes the time of its last tick, of which there are 100 a second at least.</summary>
    private static readonly TimeSpan Fine = TimeSpan.FromMilliseconds(50);

    /// <summary>FAT keeps even seconds.</summary>
    private static readonly TimeSpan Coarse = TimeSpan.FromSeconds(2);

    /// <summary>The latest that it can have been: another write until then may have left the same time.</summary>
    public static DateTime Latest(DateTime written) => written + (written.Ticks % TimeSpan.TicksPerSecond == 0 ? Coarse : Fine);
}
