using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace WatchReload.Bench.Processes;

/// <summary>
/// A temporary directory, and everything that is started for one case. Each process carries a mark in its environment that those it starts
/// inherit, so that also what outlives its parent (nodes, build servers) is found and ended.
/// </summary>
internal sealed class Workplace : IDisposable
{
    private const string Mark = "BENCH_RUN";
    private readonly string _mark = Guid.NewGuid().ToString("N");
    private readonly string _root = Directory.CreateTempSubdirectory("watchreload-bench-").FullName;
    private int _disposed;

    public Workplace() => AppDomain.CurrentDomain.ProcessExit += OnExit;

    public string Beside(string name) => Path.Combine(_root, name);

    /// <summary>An environment as a user's: nothing of what builds and tests of this repository set.</summary>
    public ProcessStartInfo Prepare(string file, string directory, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(file, arguments) { WorkingDirectory = directory };
        foreach (var name in start.Environment.Keys.Where(IsForeign).ToArray()) start.Environment.Remove(name);
        start.Environment[Mark] = _mark;
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        return start;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        foreach (var pid in Marked()) Kill(pid);
        Unprotect(new DirectoryInfo(_root));
        Directory.Delete(_root, recursive: true);
    }

    private void OnExit(object? sender, EventArgs e) => Dispose();

    private static bool IsForeign(string name) =>
        name is "UseSharedCompilation" or "CI" or "STATE_DIRECTORY" or "DOTNET_HOST_PATH"
        || name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("WATCHRELOAD_", StringComparison.Ordinal)
        || name.StartsWith("DOTNET_CLI_", StringComparison.Ordinal)
        || name.StartsWith("GIT_", StringComparison.Ordinal);

    private List<int> Marked() => [.. Directory.EnumerateDirectories("/proc")
        .Select(d => int.TryParse(Path.GetFileName(d), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
        .Where(pid => pid > 0 && pid != Environment.ProcessId && HasMark(pid))];

    private bool HasMark(int pid)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/environ")).Contains($"{Mark}={_mark}\0", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // ended meanwhile, or not ours
        }
    }

    private static void Kill(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            process.Kill();
            process.WaitForExit();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    /// <summary>Releases are read-only, directories too.</summary>
    private static void Unprotect(DirectoryInfo directory)
    {
        foreach (var inner in directory.EnumerateDirectories("*", SearchOption.AllDirectories).Where(d => d.LinkTarget is null).ToArray())
            inner.UnixFileMode |= UnixFileMode.UserWrite;
    }
}
