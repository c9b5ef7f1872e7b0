using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Extensions.Logging;

namespace WatchReload.Control;

/// <summary>The first process of a container inherits the children of those that end before them. When they end too, it has to take note, or they stay as zombies until it ends itself.</summary>
/// <remarks>
/// Theory of operation. SIGCHLD says that some child has ended. Those that this process itself has started are waited for by the runtime
/// (<c>System.Diagnostics.Process</c>), at once; whoever took note of one of these before it would take its exit code away. So a child is an orphan, and taken
/// note of, when it is found ended at two looks that are <see cref="Patience"/> apart. While none has ended nothing is looked at.
/// </remarks>
public sealed partial class Orphans : IDisposable
{
    /// <summary>Far longer than the runtime takes to wait for a child of its own.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private const int NoHang = 1;

    private readonly Lock _lock = new();
    private readonly ILogger _log;
    private readonly ITimer _look;
    private readonly PosixSignalRegistration _ended;
    private HashSet<Zombie> _seen = [];
    private bool _armed;

    [UnsupportedOSPlatform("windows")]
    private Orphans(TimeProvider time, ILogger log)
    {
        _log = log;
        _look = time.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _ended = PosixSignalRegistration.Create(PosixSignal.SIGCHLD, _ => Arm());
        // Those that ended before anybody was told.
        Arm();
    }

    /// <summary>Null when this is not the first process: then another one has the orphans.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="log">Has why they cannot be found.</param>
    public static Orphans? OfFirstProcess(TimeProvider time, ILogger log) => OperatingSystem.IsLinux() && Environment.ProcessId == 1 ? new Orphans(time, log) : null;

    /// <summary>From now on zombies stay.</summary>
    public void Dispose()
    {
        _ended.Dispose();
        lock (_lock)
            _look.Dispose();
    }

    private void Arm()
    {
        lock (_lock)
        {
            if (!_armed)
                _armed = _look.Change(Patience, Timeout.InfiniteTimeSpan);
        }
    }

    private void Look()
    {
        lock (_lock)
            _armed = false;
        try
        {
            var zombies = Zombies();
            foreach (var zombie in zombies.Where(_seen.Contains).ToArray())
            {
                if (WaitPid(zombie.Pid, out _, NoHang) == zombie.Pid)
                    zombies.Remove(zombie);
            }

            _seen = zombies;
            if (zombies.Count > 0)
                Arm();
        }
        catch (Exception cause)
        {
            // A zombie costs little; what this process is for goes on.
            ControlLog.OrphansNotFound(_log, cause);
        }
    }

    private static HashSet<Zombie> Zombies()
    {
        var found = new HashSet<Zombie>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && Zombie.Of(pid) is { } zombie)
                found.Add(zombie);
        }

        return found;
    }

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitPid(int pid, out int status, int options);

    /// <summary>A child of this process that has ended. By its start it is told from a later one of the same pid.</summary>
    private readonly record struct Zombie(int Pid, string Started)
    {
        public static Zombie? Of(int pid)
        {
            try
            {
                // pid (command) state ppid … starttime; the command may have spaces and parentheses.
                var stat = File.ReadAllText($"/proc/{pid}/stat");
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                return fields is ["Z", "1", ..] ? new Zombie(pid, fields[19]) : null;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return null; // gone meanwhile, or hidden
            }
        }
    }
}
