using System.Diagnostics;
using System.Globalization;

namespace WatchReload.EndToEnd.Tests.Support;

/// <summary>What a container is to its processes: the command is the first one that there is, and sees no others than its own.</summary>
internal sealed class Container : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    private readonly Checkout _checkout;
    private readonly Command _outside;

    private Container(Checkout checkout, Command outside) => (_checkout, _outside) = (checkout, outside);

    /// <summary>Skips the test where this user may have none. What the rest asks of it is there when the command has said that it is ready.</summary>
    public static async Task<Container> Run(Checkout checkout, IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        const string Unshare = "unshare --pid --fork --mount-proc --kill-child";
        Assert.SkipUnless(OperatingSystem.IsLinux() && await Processes.Try("sh", "-c", $"{Unshare} true 2>/dev/null"), "There may be no other process namespace here.");
        var starter = checkout.Beside("container.sh");
        await File.WriteAllTextAsync(starter, $"#!/bin/sh\nexec {Unshare} {checkout.Dotnet} \"$@\"\n", TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(starter, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return new Container(checkout, Command.Start(starter, checkout.Beside("aside"), environment, arguments));
    }

    /// <summary>A process whose parent has ended, and which waits for its own end.</summary>
    public async Task<(int Pid, Action End)> Orphan()
    {
        var fifo = _checkout.Beside("orphan");
        await Processes.Run("mkfifo", fifo);
        using var enter = Process.Start(new ProcessStartInfo("nsenter", ["--target", First(), "--pid", "--mount", "sh", "-c", $"read -r end <'{fifo}' >/dev/null & echo $!"]) { RedirectStandardOutput = true })!;
        var pid = int.Parse((await enter.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!, CultureInfo.InvariantCulture);
        await Deadline.Within(enter.WaitForExitAsync, () => "the parent's end");
        return (pid, () => File.WriteAllText(fifo, "\n"));
    }

    /// <summary>As the container sees it.</summary>
    public int ParentOf(int pid)
    {
        var stat = File.ReadAllText(PathOf(pid, "stat"));
        return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
    }

    /// <summary>Until nothing of the process is left, not even a zombie. It is nobody's child here, so it has to be looked at.</summary>
    public Task Gone(int pid) => Deadline.Within(
        async cancellation =>
        {
            while (File.Exists(PathOf(pid, "stat")))
                await Task.Delay(Look, cancellation);
        },
        () => $"the end of process {pid} of the container");

    /// <summary>All that is in it ends with the first process, and so does the one outside.</summary>
    public async ValueTask DisposeAsync()
    {
        // The first process itself: that it dies with the one outside is forgotten when it becomes the node on another thread than its first.
        if (_outside.IsRunning && First() is { Length: > 0 } first)
            Processes.Crash(int.Parse(first, CultureInfo.InvariantCulture));
        await _outside.DisposeAsync();
    }

    private string PathOf(int pid, string file) => Path.Combine("/proc", First(), "root/proc", pid.ToString(CultureInfo.InvariantCulture), file);

    /// <summary>The one child of the process outside.</summary>
    private string First()
    {
        var outside = _outside.Pid.ToString(CultureInfo.InvariantCulture);
        return File.ReadAllText(Path.Combine("/proc", outside, "task", outside, "children")).Trim();
    }
}
