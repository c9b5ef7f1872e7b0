using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace WatchReload.Daemon.Git;

/// <summary>
/// The command-line git: no prompts, no optional locks (a status must not disturb a rebase that somebody does beside it), C locale, nothing
/// inherited from a hook's environment, every call with a deadline.
/// </summary>
internal sealed class GitCommand(TimeProvider time, string executable = "git")
{
    /// <summary>For what touches only this disk.</summary>
    public static TimeSpan Local { get; } = TimeSpan.FromSeconds(30);

    /// <summary>For what goes over a network, or writes a tree.</summary>
    public static TimeSpan Slow { get; } = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    public TimeProvider Time => time;

    public Task<GitOutcome> Run(string directory, CancellationToken cancellation, params IReadOnlyList<string> arguments) => Run(directory, Local, cancellation, arguments);

    public async Task<GitOutcome> Run(string directory, TimeSpan deadline, CancellationToken cancellation, params IReadOnlyList<string> arguments)
    {
        Process git;
        try
        {
            git = Process.Start(StartInfo(directory, arguments))!;
        }
        catch (Win32Exception e)
        {
            return new GitOutcome(GitEnd.NotStarted, -1, "", new Win32Exception(e.NativeErrorCode).Message); // without the directory, which is not to blame
        }

        using (git)
        {
            var output = git.StandardOutput.ReadToEndAsync(CancellationToken.None);
            var error = git.StandardError.ReadToEndAsync(CancellationToken.None);
            git.StandardInput.Close();
            using var expiry = new CancellationTokenSource(deadline, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(expiry.Token, cancellation);
            try
            {
                await git.WaitForExitAsync(either.Token);
            }
            catch (OperationCanceledException)
            {
                await End(git);
                cancellation.ThrowIfCancellationRequested();
                return new GitOutcome(GitEnd.TimedOut, -1, "", $"git {string.Join(' ', arguments)} did not end within {deadline.TotalSeconds:0} s");
            }
            return new GitOutcome(GitEnd.Exited, git.ExitCode, await Rest(output), await Rest(error));
        }
    }

    private ProcessStartInfo StartInfo(string directory, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(executable, ["-C", directory, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            UseShellExecute = false,
        };
        GitEnvironment.Clean(start.Environment);
        return start;
    }

    // A connection that ssh keeps open for later inherits the pipes and would hold the end of the output up.
    private async Task<string> Rest(Task<string> stream)
    {
        await Task.WhenAny(stream, Task.Delay(Grace, time));
        return stream.IsCompletedSuccessfully ? stream.Result : "";
    }

    // Asked to end, git takes its lock files away; killed, it would leave them behind.
    private async Task End(Process git)
    {
        ProcessSignal.Terminate(git);
        using var expiry = new CancellationTokenSource(Grace, time);
        try
        {
            await git.WaitForExitAsync(expiry.Token);
        }
        catch (OperationCanceledException)
        {
            git.Kill(entireProcessTree: true);
        }
    }
}
