using System.Globalization;

namespace WatchReload.Bench.Processes;

/// <summary>What Linux tells about a process.</summary>
internal static class ProcStat
{
    private const double TicksPerSecond = 100; // USER_HZ, the same on every architecture that .NET runs on

    /// <summary>Resident memory in megabytes; 0 when it is gone.</summary>
    public static double Megabytes(int pid)
    {
        try
        {
            var line = File.ReadLines($"/proc/{pid}/status").FirstOrDefault(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
            return line is null ? 0 : double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^2], CultureInfo.InvariantCulture) / 1024;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>Processor time used so far, in seconds.</summary>
    public static double CpuSeconds(int pid)
    {
        var fields = Fields(pid);
        return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    /// <summary>Children of that process whose command line has that text in it.</summary>
    public static IReadOnlyList<int> Children(int parent, string commandLine) => [.. Directory.EnumerateDirectories("/proc")
        .Select(d => int.TryParse(Path.GetFileName(d), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
        .Where(pid => pid > 0 && IsChild(pid, parent, commandLine))];

    private static bool IsChild(int pid, int parent, string commandLine)
    {
        try
        {
            return Fields(pid)[1] == parent.ToString(CultureInfo.InvariantCulture) && File.ReadAllText($"/proc/{pid}/cmdline").Contains(commandLine, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false; // ended meanwhile
        }
    }

    /// <summary>Of /proc/PID/stat, from the state on: the name before it may have blanks.</summary>
    private static string[] Fields(int pid)
    {
        var text = File.ReadAllText($"/proc/{pid}/stat");
        return text[(text.LastIndexOf(')') + 2)..].Split(' ');
    }
}
