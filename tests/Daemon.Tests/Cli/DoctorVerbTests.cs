using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Control;
using WatchReload.Daemon.Cli;
using WatchReload.Daemon.Flow;
using WatchReload.Daemon.Releases;
using WatchReload.Daemon.Tests.Git;
using WatchReload.Daemon.Tests.Resident;

namespace WatchReload.Daemon.Tests.Cli;

public sealed class DoctorVerbTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public DoctorVerbTests() => _scratch.Configure();

    public void Dispose() => _scratch.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Every_check_is_an_object_with_its_result_and_all_is_well_when_none_is_an_error()
    {
        await using var node = await FakeNode.Start(_scratch.State);

        var run = await CommandRun.In(_scratch.Root, "doctor", "--json");

        var findings = run.Lines.Select(l => JsonDocument.Parse(l).RootElement).ToArray();
        string[] checks = ["configuration", "sdk", "git", "state", "cookie", "pipe", "deploys", "disk", "clock"];
        Assert.All(checks, check => Assert.Contains(findings, f => f.GetProperty("check").GetString() == check));
        Assert.All(findings, f => Assert.Equal(f.GetProperty("result").GetString() == "ok", f.GetProperty("remedy").ValueKind == JsonValueKind.Null));
        Assert.Equal(0, run.ExitCode);
    }

    [Fact(Timeout = 60_000)]
    public async Task Cookie_that_others_can_read_and_a_node_that_does_not_answer_are_errors_with_the_remedy()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes.");
        Cookie.LoadOrCreate(_scratch.State);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_scratch.State.Cookie, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        Directory.CreateDirectory(_scratch.State.NodeDirectory("main"));
        using var held = FileLock.TryAcquire(_scratch.State.NodeLock("main"));

        var run = await CommandRun.In(_scratch.Root, "doctor");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("chmod 600", run.Output);
        Assert.Contains($"kill {Environment.ProcessId}", run.Output);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(false, "was started with another cookie than is in")]
    [InlineData(true, "is missing, and Node main")]
    public async Task Cookie_that_is_not_the_one_of_what_runs_is_an_error_for_each_process_with_a_remedy_that_needs_no_cookie(bool deleted, string cause)
    {
        using var stop = new StopSignal(TimeProvider.System);
        await using var node = await FakeNode.Start(_scratch.State);
        await using var daemon = await RunningDaemon.In(_scratch.Root, stop);
        var right = Finding(await CommandRun.In(_scratch.Root, "doctor", "--json"));
        File.Delete(_scratch.State.Cookie);
        if (!deleted)
            Cookie.LoadOrCreate(_scratch.State);

        var run = await CommandRun.In(_scratch.Root, "doctor", "--json");

        Assert.Equal("ok", Assert.Single(right).GetProperty("result").GetString());
        Assert.Equal(2, run.ExitCode);
        var told = Finding(run);
        Assert.Equal(2, told.Length);
        Assert.All(told, f => Assert.Equal("error", f.GetProperty("result").GetString()));
        Assert.All(told, f => Assert.EndsWith($"kill {Environment.ProcessId}", f.GetProperty("remedy").GetString()));
        Assert.Contains(cause, told[0].GetProperty("cause").GetString());
        Assert.Contains("The daemon", told[1].GetProperty("cause").GetString());

        static JsonElement[] Finding(CommandRun run) => [.. run.Lines.Select(l => JsonDocument.Parse(l).RootElement).Where(f => f.GetProperty("check").GetString() == "cookie")];
    }

    [Theory(Timeout = 60_000)]
    [InlineData("""{ "sdk": { "version": "99.0.100", "rollForward": "disable" } }""", "asks for SDK 99.0.100 (rollForward: disable), which is not here (installed: ")]
    [InlineData("""{ "sdk": { "version": "99.0.100", }, /* soon */ }""", "asks for SDK 99.0.100, which is not here (installed: ")]
    public async Task Sdk_that_is_missing_is_told_with_who_asks_for_which_and_what_is_installed(string globalJson, string cause)
    {
        var asking = _scratch.Write("global.json", globalJson);

        var run = await CommandRun.In(_scratch.Root, "doctor", "--json");

        Assert.Equal(2, run.ExitCode);
        var told = run.Lines.Select(l => JsonDocument.Parse(l).RootElement).Single(f => f.GetProperty("check").GetString() == "sdk");
        Assert.Equal("error", told.GetProperty("result").GetString());
        Assert.StartsWith($"{asking} {cause}", told.GetProperty("cause").GetString());
    }

    [Fact(Timeout = 60_000)]
    public async Task Freeze_and_a_clock_that_was_set_back_are_warnings()
    {
        new Freeze("ann", DateTimeOffset.UnixEpoch, "fair week").Begin(_scratch.State);
        var history = new History(_scratch.State, TimeProvider.System, NullLogger<History>.Instance);
        await history.Append(new HistoryEntry { Time = TimeProvider.System.GetUtcNow().AddDays(1), Cause = "pull", Verdict = "committed" }, TestContext.Current.CancellationToken);

        var run = await CommandRun.In(_scratch.Root, "doctor");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("fair week", run.Output);
        Assert.Contains("set back", run.Output);
    }

    [Fact(Timeout = 60_000)]
    public async Task Group_for_hooks_that_there_is_not_is_an_error_before_a_daemon_misses_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The hook's socket is there on Linux only.");
        var socket = Path.Combine(_scratch.Root, "hook", "hook.sock");
        var host = _scratch.Write("host.json", $$"""{ "hook": { "group": "no-such-group", "socket": "{{socket}}" } }""");

        var run = await CommandRun.In(_scratch.Root, "doctor", "--host-config", host);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("There is no group no-such-group", run.Output);
        Assert.Contains("groupadd no-such-group", run.Output);
        Assert.False(Directory.Exists(Path.GetDirectoryName(socket))); // it only looks
    }

    [Theory(Timeout = 60_000)]
    [InlineData("no-such-user", "There is no user no-such-user", "useradd")]
    [InlineData("root", "build.user is root", "owns nothing else")]
    public async Task User_that_builds_that_cannot_is_an_error_before_a_build_fails_by_it(string user, string cause, string remedy)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Another user builds on Linux only.");
        var host = _scratch.Write("host.json", $$"""{ "build": { "user": "{{user}}", "directory": "{{_scratch.Root}}/build" } }""");

        var run = await CommandRun.In(_scratch.Root, "doctor", "--host-config", host);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(cause, run.Output);
        Assert.Contains(remedy, run.Output);
    }

    [Fact(Timeout = 60_000)]
    public async Task State_directory_that_the_user_that_builds_can_look_into_is_an_error_and_not_a_warning_alone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "Only root can build as another user.");
        var home = Path.Combine(_scratch.Root, "build");
        await Shell.Run("/", "chmod", "755", _scratch.Root, _scratch.State.Root);
        await Shell.Run("/", "install", "-d", "-o", "nobody", "-m", "755", home);
        var host = _scratch.Write("host.json", $$"""{ "build": { "user": "nobody", "directory": "{{home}}" } }""");

        var run = await CommandRun.In(_scratch.Root, "doctor", "--json", "--host-config", host);

        Assert.Equal(2, run.ExitCode);
        var told = run.Lines.Select(l => JsonDocument.Parse(l).RootElement).Single(f => f.GetProperty("check").GetString() == "build");
        Assert.Equal(("error", $"Close it: chmod 700 {_scratch.State.Root}"), (told.GetProperty("result").GetString(), told.GetProperty("remedy").GetString()));
    }

    [Fact(Timeout = 60_000)]
    public async Task Configuration_that_is_wrong_is_told_in_full()
    {
        _scratch.Write("watch.json", """{ "project": "Service.csproj", "nods": [] }""");

        var run = await CommandRun.In(_scratch.Root, "doctor", "--json");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("nods", Assert.Single(run.Lines));
    }
}
