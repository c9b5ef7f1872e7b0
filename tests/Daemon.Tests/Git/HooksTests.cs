using WatchReload.Daemon.Git;
using static WatchReload.Daemon.Tests.Git.HookSandbox;

namespace WatchReload.Daemon.Tests.Git;

/// <summary>Real pushes to repositories with the hook. What it calls is a script that tells what it was called with.</summary>
public sealed class HooksTests
{
    [Fact(Timeout = 60_000)]
    public async Task Push_runs_the_command_and_streams_what_it_says()
    {
        using var sandbox = await Sandbox();
        var installed = await Install(sandbox);
        Assert.Equal((sandbox.At("origin.git/hooks/post-receive"), "main", null, true), (installed.Path, installed.Branch, installed.Chained, installed.Changed));

        var commit = await sandbox.Commit("work", "a.cs", "2");
        var push = await sandbox.Push();
        Assert.Contains("remote: verdict of the deployment", push.Error);
        Assert.DoesNotContain("FAILED", push.Error);
        Assert.Equal([$"pull --config {sandbox.At("live/watch.json")} --ref refs/heads/main --commit {commit} --by {Environment.UserName}"], await Calls(sandbox));
    }

    [Fact(Timeout = 60_000)]
    public async Task Command_sees_nothing_of_the_pushed_repository()
    {
        using var sandbox = await Sandbox();
        await Install(sandbox);
        await sandbox.Commit("work", "a.cs", "2");
        await sandbox.Push();
        var environment = await File.ReadAllLinesAsync(sandbox.At("environment"));
        var ofHooks = (await Shell.Git(sandbox.Work, "rev-parse", "--local-env-vars")).Split('\n').Append("GIT_QUARANTINE_PATH").Append("GIT_PUSH_OPTION_COUNT");
        Assert.DoesNotContain(environment, line => ofHooks.Contains(line.Split('=')[0]));
        Assert.Contains(environment, line => line.StartsWith("DOTNET_ROOT=", StringComparison.Ordinal));
    }

    [Fact(Timeout = 60_000)]
    public async Task Only_the_branch_deploys()
    {
        using var sandbox = await Sandbox();
        await Install(sandbox);
        await sandbox.Commit("work", "a.cs", "2");
        await Shell.Git(sandbox.Work, "tag", "main");
        await sandbox.Push("origin", "HEAD:refs/heads/other", "refs/tags/main");
        await Shell.Git(sandbox.Origin, "config", "receive.denyDeleteCurrent", "ignore");
        var deleted = await sandbox.Push("origin", ":refs/heads/main", ":refs/heads/other");
        Assert.Contains("was deleted: nothing is deployed", deleted.Error);
        Assert.Empty(await Calls(sandbox));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(3, "the build failed")]
    [InlineData(4, "the node refused it")]
    [InlineData(5, "git refused")]
    [InlineData(6, "no node runs")]
    [InlineData(1, "ended with exit code 1")]
    public async Task Told_that_the_push_is_stored_when_the_deployment_fails(int code, string why)
    {
        using var sandbox = await Sandbox(code);
        await Install(sandbox);
        var commit = await sandbox.Commit("work", "a.cs", "2");
        var push = await sandbox.Push();
        Assert.Contains($"watchreload: the push is stored, but the deployment of {commit[..10]} FAILED", push.Error);
        Assert.Contains(why, push.Error.ReplaceLineEndings(" ").Replace("remote: ", ""));
        Assert.Equal(commit, await Shell.Git(sandbox.Origin, "rev-parse", "main"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Told_to_install_again_when_the_command_is_gone()
    {
        using var sandbox = await Sandbox();
        await Install(sandbox);
        File.Delete(Command(sandbox));
        await sandbox.Commit("work", "a.cs", "2");
        Assert.Contains("Run \"watchreload hook install\" again", (await sandbox.Push()).Error);
    }

    [Fact(Timeout = 60_000)]
    public async Task Hook_from_before_runs_first_with_the_same_input_and_comes_back()
    {
        using var sandbox = await Sandbox();
        var hook = sandbox.At("origin.git/hooks/post-receive");
        var text = $"#!/bin/sh\necho from before\ncat > '{sandbox.At("received")}'\nexit 7\n";
        await GitSandbox.Script(hook, text);

        var installed = await Install(sandbox);
        Assert.Equal(sandbox.At("origin.git/hooks/post-receive.before-watchreload"), installed.Chained);
        var from = await sandbox.Head("work");
        var to = await sandbox.Commit("work", "a.cs", "2");
        var push = await sandbox.Push();
        Assert.True(push.Error.IndexOf("from before", StringComparison.Ordinal) < push.Error.IndexOf("verdict of the deployment", StringComparison.Ordinal));
        Assert.Equal($"{from} {to} refs/heads/main\n", await File.ReadAllTextAsync(sandbox.At("received")));
        Assert.Single(await Calls(sandbox));

        Assert.Equal(new HookResult.Uninstalled(hook, Restored: true), await Uninstall(sandbox));
        Assert.Equal(text, await File.ReadAllTextAsync(hook));
        Assert.Equal(["post-receive"], Directory.EnumerateFiles(sandbox.At("origin.git/hooks"), "post-receive*").Select(Path.GetFileName));
        if (!OperatingSystem.IsWindows())
            Assert.True((File.GetUnixFileMode(hook) & UnixFileMode.UserExecute) != 0);
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_changes_when_it_is_installed_twice()
    {
        using var sandbox = await Sandbox();
        await GitSandbox.Script(sandbox.At("origin.git/hooks/post-receive"), "#!/bin/sh\necho from before\n");
        var first = await Install(sandbox);
        var second = await Install(sandbox);
        Assert.Equal(first with { Changed = false }, second);
        await sandbox.Commit("work", "a.cs", "2");
        await sandbox.Push();
        Assert.Single(await Calls(sandbox));
    }

    [Fact(Timeout = 60_000)]
    public async Task Gone_without_a_trace_when_it_is_taken_out()
    {
        using var sandbox = await Sandbox();
        var installed = await Install(sandbox);
        Assert.Equal(new HookResult.Uninstalled(installed.Path, Restored: false), await Uninstall(sandbox));
        Assert.Empty(Directory.EnumerateFiles(sandbox.At("origin.git/hooks"), "post-receive*"));
        Assert.IsType<HookResult.NothingInstalled>(await Uninstall(sandbox));
    }

    [Fact(Timeout = 60_000)]
    public async Task Refused_when_the_hook_was_replaced_by_hand_over_one_from_before()
    {
        using var sandbox = await Sandbox();
        var hook = sandbox.At("origin.git/hooks/post-receive");
        await GitSandbox.Script(hook, "#!/bin/sh\necho from before\n");
        await Install(sandbox);
        await GitSandbox.Script(hook, "#!/bin/sh\necho by hand\n");
        var refused = Assert.IsType<HookResult.Refused>(await TryInstall(sandbox));
        Assert.Contains("not ours", refused.Why.Cause);
        Assert.Contains("by hand", await File.ReadAllTextAsync(hook));
    }

    [Fact(Timeout = 60_000)]
    public async Task Reload_when_the_push_itself_updates_the_checkout()
    {
        using var sandbox = await Sandbox();
        var refused = Assert.IsType<HookResult.Refused>(await TryInstall(sandbox, repository: "live"));
        Assert.Contains("receive.denyCurrentBranch updateInstead", refused.Why.Remedy);

        await Shell.Git(sandbox.Live, "config", "receive.denyCurrentBranch", "updateInstead");
        await Install(sandbox, "live");
        var commit = await sandbox.Commit("work", "a.cs", "2");
        var push = await sandbox.Push(sandbox.Live, "HEAD:main");
        Assert.Contains("verdict of the deployment", push.Error);
        Assert.Equal("2", await File.ReadAllTextAsync(sandbox.At("live/a.cs")));
        Assert.StartsWith("reload --config ", Assert.Single(await Calls(sandbox)));
        Assert.Contains(commit, Assert.Single(await Calls(sandbox)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Places_that_were_given_at_the_installation_are_in_every_call()
    {
        using var sandbox = await Sandbox();
        string[] options = ["--host-config", "/etc/it's here.json", "--state", "/var/lib/chat"];
        var request = new HookRequest(sandbox.Origin, sandbox.At("live/watch.json"), null, [Command(sandbox)]) { Options = options, Gate = true };
        Assert.IsType<HookResult.Installed>(await Hooks.Install(request, sandbox.Command, TestContext.Current.CancellationToken));
        await sandbox.Commit("work", "a.cs", "2");
        await sandbox.Push();
        Assert.All(await Calls(sandbox), call => Assert.Contains($"watch.json {string.Join(' ', options)} --ref", call));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("sh")]
    [InlineData("dash")]
    [InlineData("bash")]
    [InlineData("busybox")]
    public async Task Understood_by_every_shell(string shell)
    {
        if (!new[] { "/bin/", "/usr/bin/" }.Any(directory => File.Exists(directory + shell)))
            Assert.Skip($"No {shell} here");
        using var sandbox = await Sandbox();
        var installed = await Install(sandbox);
        string[] arguments = shell == "busybox" ? ["sh", installed.Path] : [installed.Path];
        var commit = await sandbox.Head("work");
        var input = $"{new string('0', 40)} {commit} refs/heads/x\n{new string('0', 40)} {commit} refs/heads/main\n";
        var result = await Shell.Run(sandbox.Origin, input, new Dictionary<string, string?> { ["GL_USER"] = "ann o'hara $(id)" }, shell, arguments);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.EndsWith("--by ann o'hara $(id)", Assert.Single(await Calls(sandbox)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Works_when_paths_have_what_a_shell_would_mistake()
    {
        using var sandbox = await Sandbox();
        const string odd = "it's $HOME `id` \"q\" \\ *";
        await Shell.Git(sandbox.Root, "clone", "-q", "origin.git", odd);
        await File.WriteAllTextAsync(sandbox.At(odd + "/watch.json"), "{}");
        var result = await Hooks.Install(new HookRequest(sandbox.Origin, sandbox.At(odd + "/watch.json"), null, [Command(sandbox)]), sandbox.Command, TestContext.Current.CancellationToken);
        Assert.IsType<HookResult.Installed>(result);
        await sandbox.Commit("work", "a.cs", "2");
        await sandbox.Push();
        Assert.StartsWith($"pull --config {sandbox.At(odd + "/watch.json")} --ref", Assert.Single(await Calls(sandbox)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Refused_when_it_could_never_deploy_or_would_reach_too_far()
    {
        using var sandbox = await Sandbox();
        Assert.Contains("would deploy nothing", Assert.IsType<HookResult.Refused>(await TryInstall(sandbox, branch: "other")).Why.Cause);
        Assert.Contains("no directory", Assert.IsType<HookResult.Refused>(await TryInstall(sandbox, repository: "absent")).Why.Cause);
        Assert.Contains("core.hooksPath", await WithSharedHooks());

        async Task<string> WithSharedHooks()
        {
            await Shell.Git(sandbox.Origin, "config", "core.hooksPath", sandbox.At("shared-hooks"));
            return Assert.IsType<HookResult.Refused>(await TryInstall(sandbox)).Why.Cause;
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Command_line_is_the_program_or_dotnet_with_the_assembly()
    {
        await Task.CompletedTask;
        Assert.Equal(["/usr/bin/dotnet", "/opt/watchreload.dll"], HookCommand.Of("/usr/bin/dotnet", "/opt/watchreload.dll"));
        Assert.Equal(["/home/ann/.dotnet/tools/watchreload"], HookCommand.Of("/home/ann/.dotnet/tools/watchreload", "/opt/watchreload.dll"));
        Assert.True(Path.IsPathFullyQualified(HookCommand.OfThisProcess()[0]));
    }
}
