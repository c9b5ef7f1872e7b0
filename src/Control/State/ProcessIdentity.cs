using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace WatchReload.Control;

/// <summary>One run of a process. The start time tells it from a later process that was given the same pid.</summary>
/// <param name="StartTime">Clock ticks since boot on Linux, file time elsewhere.</param>
public sealed record ProcessIdentity(int Pid, long StartTime)
{
    /// <summary>This process.</summary>
    public static ProcessIdentity Current { get; } = Of(Environment.ProcessId)
        ?? throw new InvalidOperationException("The start time of this process cannot be read.");

    /// <summary>Whether that very run still lives. A zombie does not: it has released its locks and sockets.</summary>
    public bool IsAlive => Of(Pid) == this;

    /// <summary>The living process of that pid, or null.</summary>
    public static ProcessIdentity? Of(int pid) => OperatingSystem.IsLinux() ? FromProc(pid) : FromSystem(pid);

    private static ProcessIdentity? FromProc(int pid)
    {
        string stat;
        try
        {
            stat = File.ReadAllText($"/proc/{pid}/stat");
        }
        catch (IOException)
        {
            return null; // gone, before or while it was read
        }
        catch (UnauthorizedAccessException)
        {
            return null; // hidden (hidepid): another user's, so none of ours
        }

        // The second field, the command in parentheses, may itself hold spaces and parentheses.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var state = fields[0];
        return state is "Z" or "X" ? null : new ProcessIdentity(pid, long.Parse(fields[19], CultureInfo.InvariantCulture));
    }

    private static ProcessIdentity? FromSystem(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return process.HasExited ? null : new ProcessIdentity(pid, process.StartTime.ToFileTimeUtc());
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null; // none of that pid, gone meanwhile, or another user's
        }
    }
}
