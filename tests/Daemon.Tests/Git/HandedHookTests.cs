using WatchReload.Daemon.Git;
using static WatchReload.Daemon.Tests.Git.HookSandbox;

namespace WatchReload.Daemon.Tests.Git;

/// <summary>The hooks of a git user that is not the service's user: they know a socket, and nothing of the checkout that serves.</summary>
public sealed class HandedHookTests
{
    private const string Socket = "/run/it's here/hook.sock";

    [Fact(Timeout = 60_000)]
    public async Task Push_is_handed_in_by_ref_and_commit_alone()
    {
        using var sandbox = await Sandbox();
        var installed = await InstallHanded(sandbox);
        Assert.Equal(("main", null), (installed.Branch, installed.Gate)); // the branch that the repository's HEAD names
        await sandbox.Push("origin", "HEAD:refs/heads/other", "HEAD:refs/tags/v1");
        Assert.Empty(await Calls(sandbox));

        var commit = await sandbox.Commit("work", "a.cs", "2");
        var push = await sandbox.Push();

        Assert.Equal($"hook push --socket {Socket} --ref refs/heads/main --commit {commit}", Assert.Single(await Calls(sandbox)));
        Assert.Contains("verdict of the deployment", push.Error);
        await Shell.Git(sandbox.Origin, "config", "receive.denyDeleteCurrent", "ignore");
        await sandbox.Push("origin", ":refs/heads/main");
        Assert.Single(await Calls(sandbox));
        Assert.DoesNotContain("live", await File.ReadAllTextAsync(installed.Path, TestContext.Current.CancellationToken));
        Assert.IsType<HookResult.Uninstalled>(await Uninstall(sandbox));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(2, "the daemon could not be asked")]
    [InlineData(3, "the build failed")]
    [InlineData(4, "the node refused it")]
    [InlineData(5, "git refused")]
    [InlineData(6, "no daemon or no node runs. Start it; the next push")]
    public async Task Push_is_stored_whatever_becomes_of_the_deployment(int code, string why)
    {
        using var sandbox = await Sandbox(code);
        await InstallHanded(sandbox);
        var commit = await sandbox.Commit("work", "a.cs", "2");
        var push = await sandbox.Push();
        Assert.Contains($"the push is stored, but the deployment of {commit[..10]} FAILED", push.Error);
        Assert.Contains(why, push.Error.ReplaceLineEndings(" ").Replace("remote: ", ""));
        Assert.Equal(commit, await Shell.Git(sandbox.Origin, "rev-parse", "main"));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("a..b")]
    [InlineData("-x y")]
    [InlineData("")]
    public async Task Refused_when_the_branch_cannot_be_one(string branch)
    {
        using var sandbox = await Sandbox();
        Assert.Contains("is not a branch", Assert.IsType<HookResult.Refused>(await TryInstallHanded(sandbox, branch)).Why.Cause);
    }

    [Fact(Timeout = 60_000)]
    public async Task Gate_is_handed_what_the_branch_did_not_have_and_the_commit_is_written_aside_from_it()
    {
        using var sandbox = await Keeping();
        await InstallHanded(sandbox, gate: true);
        await sandbox.Push("origin", "HEAD:refs/heads/other");
        Assert.Empty(await Calls(sandbox));
        await sandbox.Commit("work", "dir/b.cs", "new");
        var commit = await sandbox.Commit("work", "a.cs", "2");

        var push = await Shell.Run(sandbox.Work, "git", "push", "-q", "origin", "HEAD");

        Assert.Contains("REJECTED: it does not build", push.Error);
        Assert.Equal($"hook push --rehearse --socket {Socket} --ref refs/heads/main --commit {commit}", Assert.Single(await Calls(sandbox)));
        Assert.Null(await AtTheGate(sandbox, commit));
        Assert.Equal(["a.cs", "dir/b.cs"], Directory.EnumerateFiles(sandbox.At("tree"), "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(sandbox.At("tree"), file)).Order());
        Assert.Equal("2", await File.ReadAllTextAsync(sandbox.At("tree/a.cs"), TestContext.Current.CancellationToken));
        Assert.NotEqual(0, (await Shell.Run(sandbox.Live, "git", "cat-file", "-e", commit)).ExitCode); // nothing of it is in the checkout
        Assert.Equal("", await Shell.Git(sandbox.Live, "status", "--porcelain"));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_the_checkout_has_not_pulled_yet_is_fetched_for_it()
    {
        using var sandbox = await Keeping();
        await sandbox.Commit("work", "dir/b.cs", "stored, and not deployed");
        await sandbox.Push();
        await InstallHanded(sandbox, gate: true);
        var commit = await sandbox.Commit("work", "a.cs", "2");
        await Shell.Run(sandbox.Work, "git", "push", "-q", "origin", "HEAD");

        Assert.Null(await AtTheGate(sandbox, commit));

        Assert.True(File.Exists(sandbox.At("tree/dir/b.cs")));
    }

    [Fact(Timeout = 60_000)]
    public async Task Refused_when_the_pack_is_cut_off_or_is_of_another_push_or_a_pull_would_refuse_it()
    {
        using var sandbox = await Keeping();
        await InstallHanded(sandbox, gate: true);
        var commit = await sandbox.Commit("work", "a.cs", "2");
        await Shell.Run(sandbox.Work, "git", "push", "-q", "origin", "HEAD");

        Assert.Contains("is not a commit of this push", (await AtTheGate(sandbox, new string('a', 40)))!.Cause);
        Assert.Contains("what is deployed is refs/heads/main", (await AtTheGate(sandbox, commit, reference: "refs/heads/other"))!.Cause);
        await File.WriteAllTextAsync(sandbox.At("signers"), "", TestContext.Current.CancellationToken);
        Assert.Contains("is not signed", (await AtTheGate(sandbox, commit, policy: new DeployPolicy { AllowedSigners = sandbox.At("signers") }))!.Cause);
        var pack = await File.ReadAllBytesAsync(sandbox.At("pack"), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(sandbox.At("pack"), pack[..^30], TestContext.Current.CancellationToken);
        Assert.Contains("Could not read what was pushed", (await AtTheGate(sandbox, commit))!.Cause);
        await File.WriteAllTextAsync(sandbox.At("pack"), "garbage", TestContext.Current.CancellationToken);
        Assert.Contains("Could not read what was pushed", (await AtTheGate(sandbox, commit))!.Cause);
        Assert.False(Directory.EnumerateFileSystemEntries(sandbox.At("tree")).Any());
    }

    /// <summary>Its command keeps what it has on standard input, and says that it does not build.</summary>
    private static async Task<GitSandbox> Keeping()
    {
        var sandbox = await Sandbox();
        await GitSandbox.Script(Command(sandbox), $"#!/bin/sh\nprintf '%s\\n' \"$*\" >> '{sandbox.At("calls")}'\ncat > '{sandbox.At("pack")}'\nexit 3\n");
        await sandbox.Ignore("watch.json");
        return sandbox;
    }

    /// <summary>What the gate says of a commit of the pack that was kept.</summary>
    private static async Task<Refusal?> AtTheGate(GitSandbox sandbox, string commit, string reference = "refs/heads/main", DeployPolicy? policy = null)
    {
        foreach (var directory in (string[])[sandbox.At("tree"), sandbox.At("objects")])
        {
            if (Directory.Exists(directory))
                Directory.Delete(directory, recursive: true);
        }

        Directory.CreateDirectory(sandbox.At("tree"));
        Directory.CreateDirectory(Path.GetDirectoryName(HandedPack.FileIn(sandbox.At("objects")))!);
        File.Copy(sandbox.At("pack"), HandedPack.FileIn(sandbox.At("objects")));
        var checkout = await sandbox.Checkout();
        var request = new PullRequest { LockFile = Path.Combine(checkout.StatePath, "pull.lock"), Commit = commit, Ref = reference, Policy = policy ?? DeployPolicy.Default };
        var quarantine = await HandedPack.Quarantine(checkout, sandbox.At("objects"), TestContext.Current.CancellationToken);
        return await new Gate(checkout, request, quarantine).Export(sandbox.At("tree"), TestContext.Current.CancellationToken);
    }

    private static async Task<HookResult.Installed> InstallHanded(GitSandbox sandbox, bool gate = false) => Assert.IsType<HookResult.Installed>(await TryInstallHanded(sandbox, null, gate));

    private static Task<HookResult> TryInstallHanded(GitSandbox sandbox, string? branch, bool gate = false) =>
        Hooks.Install(new HookRequest(sandbox.Origin, null, branch, [Command(sandbox)]) { Socket = Socket, Gate = gate }, sandbox.Command, TestContext.Current.CancellationToken);
}
