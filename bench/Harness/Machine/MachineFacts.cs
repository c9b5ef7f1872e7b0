using System.Diagnostics;
using System.Runtime.InteropServices;

namespace WatchReload.Bench.Machine;

/// <summary>Where it was measured.</summary>
internal sealed record MachineFacts(string Cpu, int Cores, string Memory, string Kernel, string System, string Runtime, string Sdk, string? Otp, string Commit)
{
    public static MachineFacts Read() => new(
        Field("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString(),
        Environment.ProcessorCount,
        Field("/proc/meminfo", "MemTotal") ?? "unknown",
        File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
        Field("/etc/os-release", "PRETTY_NAME", '=')?.Trim('"') ?? RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription,
        Output("dotnet", "--version") ?? "unknown",
        Output("erl", "-noshell", "-eval", "io:put_chars(erlang:system_info(otp_release)), halt()."),
        (Output("git", "rev-parse", "--short=10", "HEAD") ?? "unknown") + (Output("git", "status", "--porcelain", "--untracked-files=no", "--", ":!bench/results", ":!docs") is { Length: > 0 } ? ", with changes" : ""));

    private static string? Field(string file, string name, char separator = ':') => File.ReadLines(file)
        .Select(l => l.Split(separator, 2))
        .FirstOrDefault(f => f.Length == 2 && f[0].Trim() == name)?[1].Trim();

    private static string? Output(string tool, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(tool, arguments) { WorkingDirectory = Repository.Root, RedirectStandardOutput = true, RedirectStandardError = true })!;
            var text = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            return process.ExitCode == 0 ? text : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null; // not installed
        }
    }
}
