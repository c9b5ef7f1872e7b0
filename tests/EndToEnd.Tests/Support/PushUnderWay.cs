using System.Diagnostics;
using System.Globalization;

namespace WatchReload.EndToEnd.Tests.Support;

/// <summary>A push that leads a process group, as one does that was typed in a terminal.</summary>
internal sealed class PushUnderWay : IDisposable
{
    private readonly Process _git;
    private readonly Task _drained;

    private PushUnderWay(Process git)
    {
        _git = git;
        _drained = Task.WhenAll(git.StandardOutput.ReadToEndAsync(), git.StandardError.ReadToEndAsync());
    }

    public static PushUnderWay Begin(string clone)
    {
        // Each becomes the next: the same process. What runs in the background of a shell ignores Ctrl-C, and so would git if these tests do.
        var start = new ProcessStartInfo("setsid", ["env", "--default-signal=INT", "git", "push", "--quiet", "origin", "main"]) { WorkingDirectory = clone, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in Git.Environment)
            start.Environment[name] = value;
        return new PushUnderWay(Process.Start(start)!);
    }

    /// <summary>Ctrl-C: the signal goes to all of the group, and git ends by it.</summary>
    public async Task Interrupt()
    {
        await Processes.Run("kill", "-INT", "--", string.Create(CultureInfo.InvariantCulture, $"-{_git.Id}"));
        await Deadline.Within(_git.WaitForExitAsync, () => "the end of the push");
        Assert.NotEqual(0, _git.ExitCode);
    }

    /// <summary>Everybody has gone who could have told whoever pushed.</summary>
    public Task Gone() => Deadline.Within(_drained.WaitAsync, () => "the end of the push's outputs");

    public void Dispose()
    {
        if (!_git.HasExited)
            _git.Kill(entireProcessTree: true);
        _git.Dispose();
    }
}
