using WatchReload.Daemon.Cli;
using WatchReload.Tests;

namespace WatchReload.Daemon.Tests.Cli;

public sealed class CommandLineTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory(Timeout = 60_000)]
    [InlineData("Unknown verb \"relaod\". Did you mean reload?", "relaod")]
    [InlineData("Unknown option \"--jsn\". Did you mean --json?", "status", "--jsn")]
    [InlineData("Unknown option \"--rehaerse\". Did you mean --rehearse?", "reload", "--rehaerse")]
    [InlineData("Unknown option \"--reherse\". Did you mean --rehearse?", "rollback", "--reherse")]
    [InlineData("Unknown option \"--reherse\". Did you mean --rehearse?", "rollback", "--reherse", "r000001")]
    [InlineData("Unknown option \"--foo\".", "restart", "--foo")]
    [InlineData("Unknown option \"--bye\". Did you mean --by?", "freeze", "--bye", "bob")]
    [InlineData("Unknown option \"--bye=bob\". Did you mean --by?", "freeze", "--bye=bob")]
    [InlineData("Unknown option \"--jsn\". Did you mean --json?", "freeze", "--by", "--jsn")]
    [InlineData("Unknown option \"-x\".", "init", "-x")]
    [InlineData("Unknown option \"--gaet\". Did you mean --gate?", "hook", "install", "--gaet")]
    [InlineData("A verb is missing: install, uninstall.", "hook")]
    [InlineData("Unknown verb \"instal\". Did you mean install?", "hook", "instal")]
    [InlineData("Unknown verb \"xyzzy\".", "xyzzy")]
    [InlineData("Unknown argument \"extra\".", "status", "extra")]
    [InlineData("--count many is not a number of entries above 0.", "history", "--count", "many")]
    [InlineData("--poll soon is not a time of at least a second, such as 30s or 5m.", "run", "--poll", "soon")]
    public async Task Misuse_is_named_with_the_nearest_known_word(string expected, params string[] args)
    {
        var run = await CommandRun.In(_scratch.Root, args);

        Assert.Equal(2, run.ExitCode);
        Assert.Equal(expected, run.Error.Split('\n')[0]);
        Assert.Equal("", run.Output);
        Assert.DoesNotContain("   at ", run.Error);
    }

    [Theory(Timeout = 60_000)]
    [InlineData()]
    [InlineData("init")]
    [InlineData("watch")]
    [InlineData("run")]
    [InlineData("reload")]
    [InlineData("pull")]
    [InlineData("rollback")]
    [InlineData("status")]
    [InlineData("releases")]
    [InlineData("history")]
    [InlineData("hook", "install")]
    [InlineData("hook", "uninstall")]
    [InlineData("stop")]
    public async Task Every_verb_has_help_and_the_common_options(params string[] verb)
    {
        var run = await CommandRun.In(_scratch.Root, [.. verb, "--help"]);

        Assert.Equal(0, run.ExitCode);
        Assert.All(["--config", "--node", "--json", "--state"], option => Assert.Contains(option, run.Output));
    }

    [Fact(Timeout = 60_000)]
    public async Task Init_writes_the_node_that_it_is_given_and_refuses_a_name_that_none_can_have()
    {
        _scratch.Write("chat/Chat.csproj", "<Project />");

        var refused = await CommandRun.In(_scratch.Root, "init", "--node", "Blue One");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("The node's name is \"Blue One\". Use lower-case letters", refused.Error);

        Assert.Equal(0, (await CommandRun.In(_scratch.Root, "init", "--node", "blue")).ExitCode);
        Assert.Contains("\n  \"nodes\": [{ \"name\": \"blue\"", await File.ReadAllTextAsync(Path.Combine(_scratch.Root, "watch.json"), TestContext.Current.CancellationToken));
        // Whoever asks for another is told that there is none of that name; this one is only not running.
        Assert.Equal(6, (await CommandRun.In(_scratch.Root, "status", "--node", "blue")).ExitCode);
        Assert.Equal(2, (await CommandRun.In(_scratch.Root, "status", "--node", "main")).ExitCode);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("watch", 2)]
    [InlineData("run", 2)]
    [InlineData("reload", 2)]
    [InlineData("status", 6)]
    [InlineData("releases", 0)]
    [InlineData("stop", 6)]
    public async Task All_errors_of_watch_json_are_told_with_their_lines(string verb, int code)
    {
        _scratch.Write("watch.json", "{\n  \"projct\": \"a.csproj\",\n  \"nodes\": 3\n}\n");

        var run = await CommandRun.In(_scratch.Root, verb, "--json");

        Assert.Equal(code, run.ExitCode);
        Assert.Equal("", run.Output);
        Assert.Contains("watch.json(2,3)", run.Error);
        Assert.Contains("watch.json(3,", run.Error);
        Assert.Contains("project", run.Error);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("status")]
    [InlineData("reload")]
    [InlineData("rollback")]
    [InlineData("stop")]
    public async Task Exit_code_is_6_with_how_to_start_it_when_no_node_runs(string verb)
    {
        _scratch.Configure();

        var run = await CommandRun.In(_scratch.Root, verb, "--json");

        Assert.Equal(6, run.ExitCode);
        Assert.Equal("", run.Output);
        Assert.Contains("Node main does not run", run.Error);
        Assert.Contains("watchreload watch", run.Error);
    }

    [Fact(Timeout = 60_000)]
    public async Task Node_that_is_not_configured_is_named_with_the_nearest()
    {
        _scratch.Configure("east", "west");

        var run = await CommandRun.In(_scratch.Root, "status", "--node", "eats");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("There is no node \"eats\".\nDid you mean east?", run.Error);
    }

    [Fact(Timeout = 60_000)]
    public async Task Exit_code_is_one_over_which_no_supervisor_gives_up_when_the_disk_is_full()
    {
        _scratch.Configure();
        using var disk = SmallDisk.Mount(_scratch.State);
        Assert.SkipWhen(disk is null, SmallDisk.None);
        disk.Fill();

        var run = await CommandRun.In(_scratch.Root, "daemon");

        Assert.Equal(6, run.ExitCode);
        Assert.Contains("Make room on the disk, or see why it is read-only.", run.Error);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(true, 6)]
    [InlineData(false, 2)]
    public async Task Exit_code_tells_a_disk_without_room_for_the_state_directory_from_a_place_where_none_can_be(bool place, int code)
    {
        _scratch.Configure();
        using var disk = SmallDisk.Mount(_scratch.State);
        Assert.SkipWhen(disk is null, SmallDisk.None);
        disk.TakeAllNames();
        var state = Path.Combine(place ? _scratch.State.Root : _scratch.Write("file", ""), "state");

        var run = await CommandRun.In(_scratch.Root, "daemon", "--state", state);

        Assert.Equal(code, run.ExitCode);
        Assert.Contains("cannot be created", run.Error);
    }

    [Fact(Timeout = 60_000)]
    public async Task Exit_code_is_the_same_when_nobody_can_be_told_why()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "There a device is always full.");
        using var stop = new StopSignal(TimeProvider.System);
        var full = new StreamWriter(new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0)) { AutoFlush = true };

        Assert.Equal(2, await CommandLine.Run(["xyzzy"], CommandRun.Context(_scratch.Root, TextWriter.Null, full), stop));
    }

    [Fact(Timeout = 60_000)]
    public async Task State_directory_that_others_can_write_to_is_refused()
    {
        if (OperatingSystem.IsWindows())
            return;
        _scratch.Configure();
        File.SetUnixFileMode(_scratch.State.Root, (UnixFileMode)0b111_111_111);

        var run = await CommandRun.In(_scratch.Root, "reload");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("chmod go-w", run.Error);
    }
}
