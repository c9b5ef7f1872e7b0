using System.Diagnostics;
using System.Globalization;

namespace WatchReload.EndToEnd.Tests.Support;

/// <summary>One run of the command as a process, with <c>--json</c>: its events as they come, what it logs, its exit code.</summary>
internal sealed class Command : IAsyncDisposable
{
    private static readonly TimeSpan PatienceAtTheEnd = TimeSpan.FromSeconds(45);
    private static readonly string[] Verdicts = ["node.started", "reload.committed", "reload.refused", "reload.rehearsed", "build.failed", "git.refused"];
    private readonly Process _process;
    private readonly Task _outputs;
    private readonly string _line;

    private Command(Process process, string line)
    {
        (_process, _line) = (process, line);
        Events = new Transcript<CommandEvent>($"standard output of {line}");
        Errors = new Transcript<string>($"standard error of {line}");
        _outputs = Task.WhenAll(Follow(process.StandardOutput, text => CommandEvent.Parse(text), Events), Follow(process.StandardError, text => text, Errors));
    }

    public int Pid => _process.Id;

    public Transcript<CommandEvent> Events { get; }

    /// <summary>Logs: the command's own, and those of nodes that it started.</summary>
    public Transcript<string> Errors { get; }

    public bool IsRunning => !_process.HasExited;

    public static Command Start(string dotnet, string directory, IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(dotnet)
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])[Product.Command, .. arguments, "--json"])
            start.ArgumentList.Add(argument);
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("WATCHRELOAD_", StringComparison.Ordinal) || k.StartsWith("GIT_", StringComparison.Ordinal) || k == "STATE_DIRECTORY").ToArray())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return new Command(process, $"watchreload {string.Join(' ', arguments)} (pid {process.Id})");
    }

    /// <summary>The next event of that name.</summary>
    public Task<CommandEvent> Event(string name, Func<CommandEvent, bool>? where = null) =>
        Events.Next(e => e.Name == name && where?.Invoke(e) is not false, name);

    /// <summary>How the next attempt ends, whichever way. That nothing had to be done is passed over: a save may be noticed twice.</summary>
    public Task<CommandEvent> Verdict() => Events.Next(e => Verdicts.Contains(e.Name), "a verdict");

    /// <summary>The next verdict, which must be that one.</summary>
    public async Task<CommandEvent> Verdict(string name)
    {
        var verdict = await Verdict();
        return verdict.Name == name ? verdict : throw new InvalidOperationException($"Expected {name}, but the verdict was {verdict}\n{Errors}");
    }

    public Task<CommandEvent> Committed() => Verdict("reload.committed");

    /// <summary>Waits for the process's own end, and that all it said is here.</summary>
    public async Task<int> Exit()
    {
        await Deadline.Within(async cancellation =>
        {
            await _process.WaitForExitAsync(cancellation);
            await _outputs.WaitAsync(cancellation);
        }, () => $"the end of {_line}\n{Events}\n{Errors}");
        return _process.ExitCode;
    }

    /// <summary>Sends a signal, by the system's own <c>kill</c>.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", Pid.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Ends it as a crash does. What it started lives on, and may go on writing to its outputs.</summary>
    public async Task Crash()
    {
        Signal("KILL");
        await Deadline.Within(_process.WaitForExitAsync, () => $"the end of {_line} after it was killed");
    }

    /// <summary>Ends it in order if it still runs, by force if it does not mind; its outputs go to the test's.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Signal("TERM");
            using var patience = new CancellationTokenSource(PatienceAtTheEnd);
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{Events}\n{Errors}");
        _process.Dispose();
    }

    /// <summary>Text that is not what it should be is kept too: a line that is no JSON object fails the test that reads it.</summary>
    private static async Task Follow<T>(StreamReader reader, Func<string, T> parse, Transcript<T> to)
    {
        try
        {
            while (await reader.ReadLineAsync() is { } line)
                to.Add(parse(line));
        }
        finally
        {
            to.End();
        }
    }
}
