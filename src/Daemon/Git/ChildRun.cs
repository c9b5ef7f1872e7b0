using System.ComponentModel;
using System.Diagnostics;

namespace WatchReload.Daemon.Git;

/// <summary>Runs git, or what git needs, to its end: every call with a deadline, what it says collected.</summary>
internal static class ChildRun
{
    /// <summary>Of util-linux; becomes the program that it starts.</summary>
    private const string NewSession = "setsid";

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <param name="start">With all three streams redirected.</param>
    /// <param name="input">For its standard input.</param>
    /// <param name="deadline">When it is ended.</param>
    /// <param name="time">Whose deadline.</param>
    /// <param name="cancellation">Ends it as well.</param>
    /// <param name="apart">In a session of its own, where the system has a program for that: what a terminal sends to all that runs in it does not reach it.</param>
    public static async Task<GitOutcome> Run(ProcessStartInfo start, string input, TimeSpan deadline, TimeProvider time, CancellationToken cancellation, bool apart = false)
    {
        var name = Named(start);
        if (apart && SystemTool.Find(NewSession) is { } tool)
        {
            start.ArgumentList.Insert(0, start.FileName);
            start.FileName = tool;
        }

        Process child;
        try
        {
            child = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            return new GitOutcome(GitEnd.NotStarted, -1, "", new Win32Exception(e.NativeErrorCode).Message); // without the directory, which is not to blame
        }

        using (child)
        {
            var output = child.StandardOutput.ReadToEndAsync(CancellationToken.None);
            var error = child.StandardError.ReadToEndAsync(CancellationToken.None);
            await Feed(child, input);
            using var expiry = new CancellationTokenSource(deadline, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(expiry.Token, cancellation);
            try
            {
                await child.WaitForExitAsync(either.Token);
            }
            catch (OperationCanceledException)
            {
                await End(child, time);
                cancellation.ThrowIfCancellationRequested();
                return new GitOutcome(GitEnd.TimedOut, -1, "", $"{name} did not end within {deadline.TotalSeconds:0} s");
            }

            return new GitOutcome(GitEnd.Exited, child.ExitCode, await Rest(output, time), await Rest(error, time));
        }
    }

    private static async Task Feed(Process child, string input)
    {
        try
        {
            if (input.Length > 0)
                await child.StandardInput.WriteAsync(input);
            child.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading it; its exit code tells why.
        }
    }

    // A connection that ssh keeps open for later inherits the pipes and would hold the end of the output up.
    private static async Task<string> Rest(Task<string> stream, TimeProvider time)
    {
        await Task.WhenAny(stream, Task.Delay(Grace, time));
        return stream.IsCompletedSuccessfully ? stream.Result : "";
    }

    // Asked to end, git takes its lock files away; killed, it would leave them behind.
    private static async Task End(Process child, TimeProvider time)
    {
        ProcessSignal.Terminate(child);
        using var expiry = new CancellationTokenSource(Grace, time);
        try
        {
            await child.WaitForExitAsync(expiry.Token);
        }
        catch (OperationCanceledException)
        {
            child.Kill(entireProcessTree: true);
        }
    }

    private static string Named(ProcessStartInfo start) =>
        $"{Path.GetFileNameWithoutExtension(start.FileName)} {string.Join(' ', start.ArgumentList.SkipWhile(a => a == "-C").Skip(start.ArgumentList.FirstOrDefault() == "-C" ? 1 : 0))}";
}
