using WatchReload.Daemon.Git;
using static WatchReload.Daemon.Tests.Git.HookSandbox;

namespace WatchReload.Daemon.Tests.Git;

/// <summary>The hook that asks before a push is accepted, in a real repository.</summary>
public sealed class GateHookTests
{
    [Fact(Timeout = 60_000)]
    public async Task Gate_is_asked_before_the_push_is_accepted_with_what_git_has_put_aside()
    {
        using var sandbox = await Sandbox();
        var installed = await Install(sandbox, gate: true);
        Assert.Equal(sandbox.At("origin.git/hooks/pre-receive"), installed.Gate);
        var commit = await sandbox.Commit("work", "a.cs", "2");
        await sandbox.Push();

        var calls = await Calls(sandbox);
        Assert.StartsWith($"hook gate --config {sandbox.At("live/watch.json")} --ref refs/heads/main --commit {commit} --by {Environment.UserName} --repository {sandbox.Origin} --objects {sandbox.Origin}/", calls[0]);
        Assert.EndsWith($" --alternates {sandbox.Origin}/objects", calls[0].Replace("/./", "/"));
        Assert.StartsWith("pull ", calls[1]);
        var unset = await File.ReadAllLinesAsync(sandbox.At("environment"), TestContext.Current.CancellationToken);
        Assert.DoesNotContain(unset, line => line.StartsWith("GIT_QUARANTINE_PATH", StringComparison.Ordinal));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(3, "it does not build")]
    [InlineData(4, "it is refused, as told above.")] // by the node; or deploys are frozen
    [InlineData(5, "it must not be deployed")]
    [InlineData(6, "no node runs")]
    public async Task Push_is_rejected_with_the_reason_when_it_does_not_pass_the_gate(int code, string why)
    {
        using var sandbox = await Sandbox(code);
        await Install(sandbox, gate: true);
        var before = await sandbox.Head("work");
        await sandbox.Commit("work", "a.cs", "2");

        var push = await Shell.Run(sandbox.Work, "git", "push", "-q", "origin", "HEAD");
        Assert.NotEqual(0, push.ExitCode);
        Assert.Contains("verdict of the deployment", push.Error);
        Assert.Contains($"watchreload: the push is REJECTED: {why}", push.Error.ReplaceLineEndings(" ").Replace("remote: ", ""));
        Assert.Equal(before, await Shell.Git(sandbox.Origin, "rev-parse", "main"));
        Assert.Single(await Calls(sandbox));

        // Tags, other branches and deletions are none of its business.
        await sandbox.Push("origin", "HEAD:refs/heads/other", "HEAD:refs/tags/v1");
        await sandbox.Push("origin", ":refs/heads/other", ":refs/tags/v1");
        Assert.Single(await Calls(sandbox));
    }

    [Fact(Timeout = 60_000)]
    public async Task Gate_goes_when_it_is_installed_without_and_the_hook_from_before_comes_back()
    {
        using var sandbox = await Sandbox();
        var hook = sandbox.At("origin.git/hooks/pre-receive");
        await GitSandbox.Script(hook, "#!/bin/sh\necho strict >&2\nexit 9\n");
        await Install(sandbox, gate: true);
        await sandbox.Commit("work", "a.cs", "2");
        var push = await Shell.Run(sandbox.Work, "git", "push", "-q", "origin", "HEAD");
        Assert.NotEqual(0, push.ExitCode); // it decides first
        Assert.Contains("strict", push.Error);
        Assert.Empty(await Calls(sandbox));

        var without = await Install(sandbox);
        Assert.Equal((null, true), (without.Gate, without.Changed));
        Assert.Contains("exit 9", await File.ReadAllTextAsync(hook, TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = 60_000)]
    public async Task Refused_when_a_push_would_write_the_checkout_before_its_signatures_are_looked_at()
    {
        using var sandbox = await Sandbox();
        await Shell.Git(sandbox.Live, "config", "receive.denyCurrentBranch", "updateInstead");
        var request = new HookRequest(sandbox.Live, sandbox.At("live/watch.json"), null, [Command(sandbox)]) { Policy = new DeployPolicy { AllowedSigners = sandbox.At("signers") } };
        Assert.Contains("--gate", Assert.IsType<HookResult.Refused>(await Hooks.Install(request, sandbox.Command, TestContext.Current.CancellationToken)).Why.Remedy);
        Assert.IsType<HookResult.Installed>(await Hooks.Install(request with { Gate = true }, sandbox.Command, TestContext.Current.CancellationToken));
    }
}
