using System.Globalization;
using WatchReload.Control;

namespace WatchReload.Daemon.Releases;

/// <summary>
/// The numbers of releases, from a file and not from the clock, which can be set back. A number is written down before it is used, so
/// it is never given out twice, whatever happens in between. The caller holds the lock of the releases.
/// </summary>
/// <param name="highestKnown">Highest number found elsewhere: where to go on if the file is lost.</param>
internal sealed class Sequence(string path, Func<long> highestKnown, Action<long> restored)
{
    public long Next()
    {
        if (Read() is not { } last)
        {
            last = highestKnown();
            if (last > 0)
                restored(last);
        }

        DurableFile.Write(path, string.Create(CultureInfo.InvariantCulture, $"{last + 1}\n"));
        return last + 1;
    }

    private long? Read() =>
        File.Exists(path) && long.TryParse(File.ReadAllText(path), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var last) && last is >= 0 and < long.MaxValue ? last : null;
}
