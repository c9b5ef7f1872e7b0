using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using WatchReload.Control;
using WatchReload.Daemon.Cli;
using WatchReload.Daemon.Releases;
using WatchReload.Daemon.Resident;
using WatchReload.Daemon.Tests.Cli;
using WatchReload.Daemon.Tests.Git;

namespace WatchReload.Daemon.Tests.Resident.Hook;

/// <summary>A real daemon with a socket for a group, for a real checkout that follows a real repository. What is deployed is a release that lies there already: nothing is built.</summary>
internal sealed class HookBench : IAsyncDisposable
{
    public const int Nobody = 65534;

    /// <summary>Has no name on any machine.</summary>
    public const int Group = 64_321;

    private readonly DirectoryInfo _place = Directory.CreateTempSubdirectory("wr-hook-");
    private readonly Scratch _scratch = new();
    private readonly StopSignal _stop = new(TimeProvider.System);
    private readonly StringWriter _error = new();
    private ResidentDaemon? _daemon;

    private HookBench(GitSandbox git) => Git = git;

    public GitSandbox Git { get; }
    public FakeNode Node { get; private set; } = null!;
    public Release Release { get; private set; } = null!;
    public StateDirectory State => _scratch.State;

    /// <summary>What the daemon has logged.</summary>
    public string Log => _error.ToString();

    public string Socket { get; private set; } = null!;

    /// <summary>The daemon's.</summary>
    public DefectiveClock Clock { get; } = new();

    private bool HasGate { get; init; }

    /// <param name="socket">Instead of a good place.</param>
    /// <param name="gate">Whether the host lets pushes be rehearsed.</param>
    public static async Task<HookBench> Start(Func<HookBench, string>? socket = null, bool gate = false)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "Only root can be another user.");
        var bench = new HookBench(await GitSandbox.Create()) { HasGate = gate };
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(bench._place.FullName, (UnixFileMode)0b111_101_101);
        bench.Socket = socket?.Invoke(bench) ?? Path.Combine(bench._place.FullName, "hook", "hook.sock");
        await bench.Git.Commit("work", "Service.csproj", """<Project Sdk="Microsoft.NET.Sdk" />""");
        await bench.Git.Commit("work", "watch.json", """{ "project": "Service.csproj", "configuration": "Debug" }""");
        await bench.Git.Push();
        await Shell.Git(bench.Git.Live, "pull", "-q");
        bench.Release = await StagedRelease.Stage(bench._scratch, "one");
        bench.Node = await FakeNode.Start(bench.State);
        await bench.StartDaemon();
        return bench;
    }

    /// <summary>A commit that is pushed, and is to bring <see cref="Release"/>: as if it had been built at the gate.</summary>
    public async Task<string> Pushed(string text)
    {
        var commit = await Git.Commit("work", "a.cs", text);
        await Git.Push();
        DurableFile.Write(Path.Combine(State.Root, "accepted"), $"{commit} {Release.Id}\n");
        return commit;
    }

    /// <summary>What curl says to that user in that group: the lines of the answer, and last the status with curl's exit code.</summary>
    public async Task<string[]> Curl(int group, string target, params string[] more)
    {
        string[] who = ["--reuid", $"{Nobody}", "--regid", $"{Nobody}", "--groups", group.ToString(CultureInfo.InvariantCulture)];
        string[] curl = ["curl", "--silent", "--max-time", "50", "--write-out", "%{http_code}", "--unix-socket", Socket, .. more, "http://localhost" + target];
        var run = await Shell.Run("/", "sh", ["-c", "setpriv \"$@\"; echo \" $?\"", "sh", .. who, .. curl]);
        return run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Hands in a push as a member of the group: the events that it is told.</summary>
    public async Task<JsonElement[]> Push(string body)
    {
        var lines = await Curl(Group, "/v1/push", "--data-binary", body);
        Assert.Equal("200 0", lines[^1]);
        return [.. lines[..^1].Select(line => JsonDocument.Parse(line).RootElement)];
    }

    public static string Body(string commit, string reference = "refs/heads/main") => $$"""{"ref":"{{reference}}","commit":"{{commit}}"}""";

    /// <summary>The hook's directory is taken away, and the daemon ends.</summary>
    public async Task EndWithoutDirectory()
    {
        Directory.Delete(Path.GetDirectoryName(Socket)!, recursive: true);
        await _daemon!.DisposeAsync();
        _daemon = null;
    }

    /// <summary>A connection of root's that has sent the push, and has the status of the answer.</summary>
    public async Task<(Socket Connection, string Status)> Open(string body)
    {
        var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await connection.ConnectAsync(new UnixDomainSocketEndPoint(Socket), TestContext.Current.CancellationToken);
        await connection.SendAsync(Encoding.ASCII.GetBytes($"POST /v1/push HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {body.Length}\r\n\r\n{body}"), TestContext.Current.CancellationToken);
        var buffer = new byte[12];
        for (var at = 0; at < buffer.Length;)
            at += await connection.ReceiveAsync(buffer.AsMemory(at), TestContext.Current.CancellationToken);
        return (connection, Encoding.ASCII.GetString(buffer)[9..]);
    }

    /// <summary>Every attempt; not that a node was found to serve something.</summary>
    public async Task<JsonElement[]> History() =>
        [.. (await CommandRun.In(Git.Live, "history", "--json", "--state", State.Root)).Lines.Select(line => JsonDocument.Parse(line).RootElement).Where(entry => entry.GetProperty("cause").GetString() != "start")];

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
            await _daemon.DisposeAsync();
        if (Node is not null)
            await Node.DisposeAsync();
        _stop.Dispose();
        await _error.DisposeAsync();
        Git.Dispose();
        _scratch.Dispose();
        _place.Delete(recursive: true);
    }

    public async Task<CommandRun> Doctor()
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var stop = new StopSignal(TimeProvider.System);
        return new CommandRun(await CommandLine.Run(["doctor"], Context(output, TextWriter.Null) with { Width = 1000 }, stop), output.ToString(), "");
    }

    private CommandContext Context(TextWriter output, TextWriter error) => CommandRun.Context(Git.Live, output, error) with
    {
        Environment = new Dictionary<string, string>
        {
            ["WATCHRELOAD_STATE"] = State.Root,
            ["WATCHRELOAD_HOOK__GROUP"] = Group.ToString(CultureInfo.InvariantCulture),
            ["WATCHRELOAD_HOOK__SOCKET"] = Socket,
            ["WATCHRELOAD_GIT__GATE"] = HasGate ? "on" : "off",
        },
    };

    private async Task StartDaemon()
    {
        var context = Context(TextWriter.Null, TextWriter.Synchronized(_error)) with { Time = Clock };
        var call = new Invocation(CommandLine.Root(context, _stop).Parse(["daemon"]), context, _stop);
        var place = (await Workplace.Open(call, TestContext.Current.CancellationToken)).Place!;
        var started = await ResidentDaemon.Start("daemon", call, place, "Debug", TestContext.Current.CancellationToken, supervise: false);
        _daemon = started.Daemon ?? throw new InvalidOperationException(string.Join(' ', started.Failure!.Lines));
    }
}
