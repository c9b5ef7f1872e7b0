using System.Diagnostics;
using System.Globalization;

namespace WatchReload.Control.Tests.State;

public sealed class ProcessIdentityTests
{
    [Fact(Timeout = 60_000)]
    public async Task This_process_lives()
    {
        Assert.Equal(Environment.ProcessId, ProcessIdentity.Current.Pid);
        Assert.True(ProcessIdentity.Current.IsAlive);
        await Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public async Task An_earlier_process_of_the_same_pid_does_not_live()
    {
        Assert.False((ProcessIdentity.Current with { StartTime = ProcessIdentity.Current.StartTime - 1 }).IsAlive);
        await Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public async Task A_killed_process_does_not_live()
    {
        using var process = Process.Start(OperatingSystem.IsWindows() ? new ProcessStartInfo("ping", ["-n", "1000", "localhost"]) : new ProcessStartInfo("sleep", ["1000"]))!;
        var identity = ProcessIdentity.Of(process.Id);
        Assert.True(identity!.IsAlive);

        process.Kill();
        await process.WaitForExitAsync();

        Assert.False(identity.IsAlive);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_zombie_does_not_live()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc.");
        using var parent = Process.Start(new ProcessStartInfo("sh", ["-c", "sleep 1000 & echo $!; exec sleep 1000"]) { RedirectStandardOutput = true })!;
        try
        {
            var pid = int.Parse((await parent.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
            var identity = ProcessIdentity.Of(pid)!;
            Assert.True(identity.IsAlive);
            await Elevated.Run("kill", "-9", pid.ToString(CultureInfo.InvariantCulture));

            while (!(await File.ReadAllTextAsync($"/proc/{pid}/stat")).Contains(") Z ", StringComparison.Ordinal))
                await Task.Yield(); // its parent never asks for it, so it stays

            Assert.False(identity.IsAlive);
        }
        finally
        {
            parent.Kill();
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task The_name_of_the_command_does_not_mislead()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc.");
        using var temporary = new TemporaryState();
        var command = Path.Combine(temporary.Parent, ") Z 1 (x");
        File.Copy("/bin/sleep", command);
        using var process = Process.Start(new ProcessStartInfo(command, ["1000"]))!;
        try
        {
            while ((await File.ReadAllTextAsync($"/proc/{process.Id}/comm")).TrimEnd() != ") Z 1 (x")
                await Task.Yield();

            var identity = ProcessIdentity.Of(process.Id);

            Assert.True(identity!.IsAlive);
            Assert.True(identity.StartTime >= ProcessIdentity.Current.StartTime);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }
}
