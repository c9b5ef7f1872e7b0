using WatchReload.Daemon.Configuration;

namespace WatchReload.Daemon.Tests.Configuration;

public sealed class LayerTests
{
    private const string Project = "\"project\": \"Service.csproj\"";

    [Fact(Timeout = 60_000)]
    public async Task Everything_has_its_default_when_only_the_project_is_given()
    {
        await Task.Yield();
        using var tree = new Tree("{ " + Project + " }");
        var settings = tree.LoadValid();
        Assert.Equal((tree.Root, tree.File, tree.At("Service.csproj")), (settings.Root, settings.File, settings.Project));
        Assert.Equal((null, null), (settings.Configuration, settings.State));
        Assert.Same(NodeSettings.Default, Assert.Single(settings.Nodes));
        Assert.Equal(new GitSettings(), settings.Git);
        Assert.Equal(new HookSettings(), settings.Hook);
        Assert.Equal(new BuildSettings(), settings.Build);
        Assert.Equal(new ReleaseSettings(), settings.Releases);
        Assert.Equal(new ReloadSettings(), settings.Reload);
        Assert.Equal(new BuilderSettings(), settings.Builder);
        Assert.Equal(new LogSettings(), settings.Log);
        Assert.Equal(WatchSettings.AlwaysExcluded, settings.Watch.Exclude);
        Assert.Equal(new WatchSettings { Include = settings.Watch.Include, Exclude = settings.Watch.Exclude }, settings.Watch);
    }

    [Fact(Timeout = 60_000)]
    public async Task Every_setting_is_taken_when_the_file_gives_it()
    {
        await Task.Yield();
        using var tree = new Tree("""
            {
              "$schema": "x", "project": "Service.csproj", "configuration": "Debug", "state": "../state",
              "nodes": [{ "name": "a", "environment": { "A": "1" }, "arguments": ["--x", "y"] }, { "name": "b-2" }],
              "watch": { "include": ["src/**"], "exclude": ["**/*.md"], "settle": "1ms", "burst": "0.2s", "polling": "never", "pollInterval": "2s", "rescan": "0s" },
              "releases": { "keep": 3, "minimumFreeSpace": "0B" }, "packages": { "perVersion": ["Acme.Orm*"] }, "reload": { "stragglers": "refuse" },
              "builder": { "memoryLimit": "1gb", "hangLimit": "1h" }, "log": { "file": "l/x.log", "level": "trace", "rolling": "never", "keep": 2 },
            }
            """);
        var settings = tree.LoadValid();
        Assert.Equal(("Debug", Path.GetFullPath(tree.At("../state"))), (settings.Configuration, settings.State));
        Assert.Equal(["a", "b-2"], settings.Nodes.Select(node => node.Name));
        Assert.Equal("1", settings.Nodes[0].Environment["A"]);
        Assert.Equal(["--x", "y"], settings.Nodes[0].Arguments);
        Assert.Equal(["src/**"], settings.Watch.Include);
        Assert.Equal([.. WatchSettings.AlwaysExcluded, "**/*.md"], settings.Watch.Exclude);
        Assert.Equal((1, 200, 2000, 0), (settings.Watch.Settle.TotalMilliseconds, settings.Watch.Burst.TotalMilliseconds, settings.Watch.PollInterval.TotalMilliseconds, settings.Watch.Rescan.TotalMilliseconds));
        Assert.Equal((Polling.Never, Stragglers.Refuse), (settings.Watch.Polling, settings.Reload.Stragglers));
        Assert.Equal(new ReleaseSettings(3, 0), settings.Releases);
        Assert.Equal([.. PackageSettings.AlwaysPerVersion, "Acme.Orm*"], settings.Packages.PerVersion);
        Assert.Equal(new BuilderSettings { MemoryLimit = 1 << 30, HangLimit = TimeSpan.FromHours(1) }, settings.Builder);
        Assert.Equal(new LogSettings { File = tree.At("l/x.log"), Level = Microsoft.Extensions.Logging.LogLevel.Trace, Rolling = LogRolling.Never, Keep = 2 }, settings.Log);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("GROUP", "git", "hook.group is set, and hook.socket is not.")]
    [InlineData("SOCKET", "/run/chat-hook/hook.sock", "hook.socket is set, and hook.group is not.")]
    [InlineData("GROUP", "a b", "hook.group is \"a b\".")]
    public async Task Socket_of_the_hook_needs_its_group_and_the_other_way_round(string name, string value, string problem)
    {
        await Task.Yield();
        using var tree = new Tree("{ " + Project + " }");
        tree.Variables["WATCHRELOAD_HOOK__" + name] = value;
        Assert.Equal(problem, tree.LoadWithOneError().Message);
        tree.Variables["WATCHRELOAD_HOOK__SOCKET"] = "/run/chat-hook/hook.sock";
        tree.Variables["WATCHRELOAD_HOOK__GROUP"] = "git";
        Assert.Equal(new HookSettings("git", "/run/chat-hook/hook.sock"), tree.LoadValid().Hook);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("USER", "builder", "build.user is set, and build.directory is not.")]
    [InlineData("DIRECTORY", "/var/lib/chat-build", "build.directory is set, and build.user is not.")]
    [InlineData("USER", "a b", "build.user is \"a b\".")]
    public async Task User_that_builds_needs_its_directory_and_the_other_way_round(string name, string value, string problem)
    {
        await Task.Yield();
        using var tree = new Tree("{ " + Project + " }");
        tree.Variables["WATCHRELOAD_BUILD__" + name] = value;
        Assert.Equal(problem, tree.LoadWithOneError().Message);
        tree.Variables["WATCHRELOAD_BUILD__DIRECTORY"] = "/var/lib/chat-build";
        tree.Variables["WATCHRELOAD_BUILD__USER"] = "builder";
        Assert.Equal(new BuildSettings("builder", "/var/lib/chat-build"), tree.LoadValid().Build);
    }

    [Fact(Timeout = 60_000)]
    public async Task Later_source_wins_when_several_give_a_setting()
    {
        await Task.Yield();
        using var tree = new Tree("{ " + Project + ", \"releases\": { \"keep\": 1 }, \"log\": { \"keep\": 1, \"level\": \"error\" } }");
        using var host = new Tree("{ \"releases\": { \"keep\": 2 }, \"log\": { \"keep\": 2 }, \"git\": { \"branch\": \"main\" }, \"reload\": { \"probation\": \"5s\" } }");
        tree.Variables["WATCHRELOAD_RELEASES__KEEP"] = "3";
        tree.Variables["watchreload_watch__polling"] = "Always";
        tree.Variables["WATCHRELOAD_STATE"] = "from-variable";
        var settings = tree.LoadValid(sources => sources with { HostConfigPath = host.File, Flags = [new SettingFlag("--state", "state", "from-flag")] });
        Assert.Equal((3, 2, Microsoft.Extensions.Logging.LogLevel.Error), (settings.Releases.Keep, settings.Log.Keep, settings.Log.Level));
        Assert.Equal(("main", TimeSpan.FromSeconds(5)), (settings.Git.Branch, settings.Reload.Probation));
        Assert.Equal((Polling.Always, tree.At("from-flag")), (settings.Watch.Polling, settings.State));
    }

    [Fact(Timeout = 60_000)]
    public async Task Null_resets_a_setting_when_a_later_source_says_so()
    {
        await Task.Yield();
        using var tree = new Tree("{ " + Project + ", \"configuration\": \"Debug\" }");
        using var host = new Tree("{ \"configuration\": null }");
        Assert.Null(tree.LoadValid(sources => sources with { HostConfigPath = host.File }).Configuration);
    }

    [Fact(Timeout = 60_000)]
    public async Task Lists_are_json_or_one_text_when_they_come_from_the_environment()
    {
        await Task.Yield();
        using var tree = new Tree("{ " + Project + " }");
        tree.Variables["WATCHRELOAD_WATCH__EXCLUDE"] = "**/*.md";
        tree.Variables["WATCHRELOAD_WATCH__INCLUDE"] = "[\"a/**\", \"b/**\"]";
        tree.Variables["WATCHRELOAD_NODES"] = "[{ \"name\": \"one\" }, { \"name\": \"two\" }]";
        var settings = tree.LoadValid();
        Assert.Equal("**/*.md", settings.Watch.Exclude[^1]);
        Assert.Equal(["a/**", "b/**"], settings.Watch.Include);
        Assert.Equal(["one", "two"], settings.Nodes.Select(node => node.Name));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("WATCHRELOAD_RELEASES__KEEP", "many", "releases.keep is many, out of range.", "Choose a whole number from 1 to 10000.")]
    [InlineData("WATCHRELOAD_WATCH__SETTLE", "8", "watch.settle is \"8\", which is not a duration.", "Write a number and its unit in quotes, such as \"8ms\", \"2s\", \"1m\", \"1h\".")]
    [InlineData("WATCHRELOAD_WATCH__POLLING", "x", "watch.polling is \"x\".", "Choose \"auto\", \"always\" or \"never\".")]
    [InlineData("WATCHRELOAD_WATCH__EXCLUDE", "!x", "watch.exclude[0] is \"!x\", and a glob cannot be negated.", "Put it into watch.exclude, without the \"!\".")]
    [InlineData("WATCHRELOAD_GIT__BRANCH", "--upload-pack=x", "git.branch is \"--upload-pack=x\".", "Name a branch of the remote, such as \"main\", without \"refs/heads/\".")]
    [InlineData("WATCHRELOAD_WATCH__SETTEL", "8ms", "This environment variable is not a setting.", "Did you mean WATCHRELOAD_WATCH__SETTLE?")]
    [InlineData("WATCHRELOAD_WATCH_SETTLE", "8ms", "This environment variable is not a setting.", "Did you mean WATCHRELOAD_WATCH__SETTLE?")]
    [InlineData("WATCHRELOAD_QUUX", "1", "This environment variable is not a setting.", "Unset it, or see docs/configuration.md for the names; those of a group have two underscores, such as WATCHRELOAD_WATCH__SETTLE.")]
    public async Task Error_names_the_variable_when_its_value_is_wrong(string name, string value, string message, string remedy)
    {
        await Task.Yield();
        using var tree = new Tree("{ " + Project + " }");
        tree.Variables[name] = value;
        Assert.Equal(new ConfigurationError(name, 0, 0, message, remedy), tree.LoadWithOneError());
    }

    [Fact(Timeout = 60_000)]
    public async Task Variable_counts_as_not_set_when_it_is_empty()
    {
        await Task.Yield();
        using var tree = new Tree("{ " + Project + " }");
        tree.Variables["WATCHRELOAD_RELEASES__KEEP"] = "";
        tree.Variables["WATCHRELOAD_QUUX"] = "";
        Assert.Equal(10, tree.LoadValid().Releases.Keep);
    }

    [Fact(Timeout = 60_000)]
    public async Task Systemd_names_the_state_directory_when_nothing_else_does()
    {
        await Task.Yield();
        using var tree = new Tree("{ " + Project + ", \"state\": \"here\" }");
        tree.Variables["STATE_DIRECTORY"] = "/var/lib/chat:/var/lib/other";
        Assert.Equal(Path.GetFullPath("/var/lib/chat"), tree.LoadValid().State);
        tree.Variables["WATCHRELOAD_STATE"] = "/srv/state";
        Assert.Equal(Path.GetFullPath("/srv/state"), tree.LoadValid().State);
    }

    [Fact(Timeout = 60_000)]
    public async Task Host_configuration_is_refused_when_it_lies_in_the_tree()
    {
        await Task.Yield();
        using var tree = new Tree("{ " + Project + " }");
        Directory.CreateDirectory(tree.At(".git"));
        var host = tree.Write("deploy/host.json", "{ }");
        var error = tree.LoadWithOneError(sources => sources with { HostConfigPath = host });
        Assert.Equal(new ConfigurationError(host, 0, 0, "The host's configuration lies in the tree, so whoever may push could change it.", $"Move it out of {tree.Root}."), error);
        tree.LoadValid(sources => sources with { HostConfigPath = tree.Write(".git/watchreload/host.json", "{ \"git\": { \"branch\": \"main\" } }") });
    }

    [Fact(Timeout = 60_000)]
    public async Task Host_configuration_is_refused_when_others_can_write_to_it()
    {
        await Task.Yield();
        Assert.SkipWhen(OperatingSystem.IsWindows(), "No modes there.");
        using var tree = new Tree("{ " + Project + " }");
        using var host = new Tree("{ }");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(host.File, (UnixFileMode)0b110_110_100);
        Assert.Equal("Other users can write to the host's configuration.", tree.LoadWithOneError(sources => sources with { HostConfigPath = host.File }).Message);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("git.allowedSigners", "WATCHRELOAD_GIT__ALLOWEDSIGNERS")]
    [InlineData("git.allowedKeys", "WATCHRELOAD_GIT__ALLOWEDKEYS")]
    public async Task Keys_that_may_sign_are_taken_from_outside_the_tree_alone(string key, string variable)
    {
        await Task.Yield();
        using var tree = new Tree("{ " + Project + " }");
        using var host = new Tree("{ }");
        Directory.CreateDirectory(tree.At(".git"));
        tree.Variables[variable] = host.Write("keys", "");
        var git = tree.LoadValid().Git;
        Assert.Equal(host.At("keys"), key == "git.allowedKeys" ? git.AllowedKeys : git.AllowedSigners);
        tree.Variables[variable] = host.At("gone");
        Assert.Equal($"{key} does not exist: {host.At("gone")}.", tree.LoadWithOneError().Message);
        tree.Variables[variable] = tree.Write("keys", "");
        Assert.Equal($"{key} cannot be trusted: The file {tree.At("keys")} lies in the tree, so whoever may push could change it.", tree.LoadWithOneError().Message);
    }
}
