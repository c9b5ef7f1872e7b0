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

    public TimeProvider Time => time;

    public Task<GitOutcome> Run(string directory, CancellationToken cancellation, params IReadOnlyList<string> arguments) => Run(new GitCall(directory, arguments), cancellation);

    public Task<GitOutcome> Run(string directory, TimeSpan deadline, CancellationToken cancellation, params IReadOnlyList<string> arguments) =>
        Run(new GitCall(directory, arguments) { Deadline = deadline }, cancellation);

    public Task<GitOutcome> Run(GitCall call, CancellationToken cancellation) => ChildRun.Run(StartInfo(call), call.Input, call.Deadline, time, cancellation, call.Apart);

    private ProcessStartInfo StartInfo(GitCall call)
    {
        var start = new ProcessStartInfo(executable, ["-C", call.Directory, .. call.Arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = call.Output,
            StandardErrorEncoding = Encoding.UTF8,
            UseShellExecute = false,
        };
        GitEnvironment.Clean(start.Environment);
        foreach (var (name, value) in call.Environment)
            start.Environment[name] = value;
        return start;
    }
}
