using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Control;
using WatchReload.Daemon.Releases;

namespace WatchReload.Daemon.Cli.Doctor;

/// <summary>Limits, disk, clock.</summary>
internal static class MachineCheck
{
    private const int FewWatches = 8192;
    private const int FewInstances = 128;
    private const int FewFiles = 4096;
    private static readonly TimeSpan _skew = TimeSpan.FromMinutes(1);
    private static readonly DateTimeOffset _oldest = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static IEnumerable<Finding> Run(Workplace place, TimeProvider time)
    {
        if (OperatingSystem.IsLinux())
        {
            foreach (var finding in Limits(place.Settings.Root))
                yield return finding;
        }

        yield return Disk(place);
        yield return Clock(place.State, time);
    }

    private static IEnumerable<Finding> Limits(string root)
    {
        var needed = Math.Max(FewWatches, 2 * Directory.EnumerateDirectories(root, "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint }).Take(1_000_000).Count());
        yield return Number("/proc/sys/fs/inotify/max_user_watches") is { } watches && watches < needed
            ? Finding.Warning("limits", $"This user may watch {watches} directories; {needed} would be enough.", $"Raise it: sysctl fs.inotify.max_user_watches={Math.Max(needed, 1_048_576)} (to keep it, in /etc/sysctl.d)")
            : Number("/proc/sys/fs/inotify/max_user_instances") is { } instances && instances < FewInstances
            ? Finding.Warning("limits", $"This user may have {instances} watchers.", "Raise it: sysctl fs.inotify.max_user_instances=1024 (to keep it, in /etc/sysctl.d)")
            : Finding.Ok("limits", "There are watches enough.");
        yield return OpenFiles() is { } files && files < FewFiles
            ? Finding.Warning("limits", $"A process may have {files} files and connections open.", "Raise it: ulimit -Hn 65536, or LimitNOFILE=65536 in the unit; each connection takes one.")
            : Finding.Ok("limits", "There are file handles enough for thousands of connections.");
    }

    private static Finding Disk(Workplace place)
    {
        var at = place.State.Root;
        while (!Directory.Exists(at) && Path.GetDirectoryName(at) is { } parent)
            at = parent;
        var free = new DriveInfo(at).AvailableFreeSpace;
        var minimum = place.Settings.Releases.MinimumFreeSpace;
        return free < minimum ? Finding.Error("disk", $"{free >> 20} MB are free where {place.State.Root} lies, and {minimum >> 20} MB must be.", "Free space there; a lower releases.keep keeps fewer releases.")
            : free < 2 * minimum ? Finding.Warning("disk", $"{free >> 20} MB are free where {place.State.Root} lies; below {minimum >> 20} MB nothing is built.", "Free space there; a lower releases.keep keeps fewer releases.")
            : Finding.Ok("disk", $"{free >> 20} MB are free where {place.State.Root} lies.");
    }

    private static Finding Clock(StateDirectory state, TimeProvider time)
    {
        var now = time.GetUtcNow();
        DateTimeOffset? last = new History(state, time, NullLogger<History>.Instance).Read(1) is [var newest, ..] ? newest.Time : null;
        return now < _oldest ? Finding.Error("clock", string.Create(CultureInfo.InvariantCulture, $"The clock says {now.UtcDateTime:yyyy-MM-dd HH:mm} UTC."), "Set it: timedatectl set-ntp true")
            : last > now + _skew ? Finding.Warning("clock", string.Create(CultureInfo.InvariantCulture, $"The last deploy was at {last.Value.UtcDateTime:yyyy-MM-dd HH:mm} UTC, after now ({now.UtcDateTime:yyyy-MM-dd HH:mm}): the clock was set back."), "Set it: timedatectl set-ntp true. Nothing but the times that are shown depends on it.")
            : Finding.Ok("clock", string.Create(CultureInfo.InvariantCulture, $"It is {now.UtcDateTime:yyyy-MM-dd HH:mm} UTC."));
    }

    private static long? Number(string file)
    {
        try
        {
            return long.TryParse(File.ReadAllText(file), NumberStyles.Integer | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number) ? number : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // a kernel without it
        }
    }

    /// <summary>The hard limit: the runtime raises its own to that.</summary>
    private static long? OpenFiles()
    {
        try
        {
            var line = File.ReadLines("/proc/self/limits").FirstOrDefault(l => l.StartsWith("Max open files", StringComparison.Ordinal));
            var fields = line?["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return fields is [_, var hard, ..] && long.TryParse(hard, CultureInfo.InvariantCulture, out var number) ? number : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
