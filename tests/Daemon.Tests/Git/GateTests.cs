using WatchReload.Daemon.Git;

namespace WatchReload.Daemon.Tests.Git;

/// <summary>Real pushes to a repository whose pre-receive hook writes down where git has put the objects, and waits while the test looks at them.</summary>
public sealed class GateTests
{
    [Theory(Timeout = 60_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Files_of_the_commit_are_written_aside_and_nothing_else_changes(bool bare)
    {
        using var sandbox = await Sandbox(bare);
        await sandbox.Commit("work", "dir/b.cs", "new");
        var commit = await sandbox.Commit("work", "a.cs", "2");
        var live = await sandbox.Head("live");

        Assert.Null(await AtTheGate(sandbox, commit, bare: bare));

        Assert.Equal(["a.cs", "dir/b.cs"], Directory.EnumerateFiles(sandbox.At("tree"), "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(sandbox.At("tree"), file)).Order());
        Assert.Equal("2", await File.ReadAllTextAsync(sandbox.At("tree/a.cs"), TestContext.Current.CancellationToken));
        Assert.False(File.Exists(sandbox.At("tree.index")));
        if (bare)
            Assert.Equal((live, "1"), (await sandbox.Head("live"), await File.ReadAllTextAsync(sandbox.At("live/a.cs"), TestContext.Current.CancellationToken)));
        Assert.Equal("", await Shell.Git(sandbox.Live, "status", "--porcelain"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Refused_when_a_pull_would_refuse_it()
    {
        using var sandbox = await Sandbox(bare: true);
        var state = await sandbox.Commit("work", ".watchreload/cookie", "x");
        Assert.Contains("files of a state directory", (await AtTheGate(sandbox, state))!.Cause);
        await Shell.Git(sandbox.Work, "reset", "-q", "--hard", "HEAD~1");

        var unsigned = await sandbox.Commit("work", "a.cs", "2");
        await File.WriteAllTextAsync(sandbox.At("signers"), "", TestContext.Current.CancellationToken);
        Assert.Contains("is not signed", (await AtTheGate(sandbox, unsigned, new DeployPolicy { AllowedSigners = sandbox.At("signers") }))!.Cause);
        Assert.Contains("Only production is deployed here", (await AtTheGate(sandbox, unsigned, new DeployPolicy { Branch = "production" }))!.Cause);
        Assert.False(Directory.EnumerateFileSystemEntries(sandbox.At("tree")).Any());

        await sandbox.Commit("live", "b.cs", "made here");
        Assert.Contains("does not continue", (await AtTheGate(sandbox, unsigned))!.Cause);
    }

    /// <summary>One in the other; a third that the checkout leaves out.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Files_of_submodules_are_written_as_the_checkout_has_them()
    {
        using var sandbox = await Sandbox(bare: true);
        await sandbox.Init("inner");
        await sandbox.Commit("inner", "deep.cs", "deep");
        await sandbox.Init("outer");
        await sandbox.Commit("outer", "part.cs", "part");
        await Add(sandbox.At("outer"), sandbox.At("inner"), "lib/inner");
        await Shell.Git(sandbox.At("outer"), "commit", "-q", "-m", "with another in it");
        await Add(sandbox.Work, sandbox.At("outer"), "parts/outer");
        await Add(sandbox.Work, sandbox.At("inner"), "left out");
        await Shell.Git(sandbox.Work, "commit", "-q", "-m", "with submodules");
        var origin = await sandbox.Head("work");
        await Shell.Git(sandbox.Live, "pull", "-q", "--ff-only", sandbox.Work, "main");
        await Shell.Git(sandbox.Live, "-c", "protocol.file.allow=always", "submodule", "--quiet", "update", "--init", "--recursive", "parts/outer");
        await Shell.Git(sandbox.Live, "config", "submodule.left out.update", "none");
        var commit = await sandbox.Commit("work", "a.cs", "2");

        Assert.Null(await AtTheGate(sandbox, commit));

        string Exported(string path) => File.ReadAllText(sandbox.At("tree/" + path));
        Assert.Equal(("2", "part", "deep"), (Exported("a.cs"), Exported("parts/outer/part.cs"), Exported("parts/outer/lib/inner/deep.cs")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(sandbox.At("tree/left out")));
        Assert.Equal(origin, await sandbox.Head("live"));
        Assert.Equal("", await Shell.Git(sandbox.Live, "status", "--porcelain"));
    }

    private static Task Add(string to, string from, string path) =>
        Shell.Git(to, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", from, path);

    private static async Task<GitSandbox> Sandbox(bool bare)
    {
        var sandbox = await GitSandbox.Create();
        var (go, said) = (sandbox.At("go"), sandbox.At("said"));
        await Shell.Run(sandbox.Root, "mkfifo", go, said);
        var hooks = bare ? "origin.git/hooks" : "live/.git/hooks";
        await GitSandbox.Script(sandbox.At(hooks + "/pre-receive"), $"#!/bin/sh\nprintf '%s\\n' \"$(cd \"$GIT_DIR\" && pwd -P)\" \"$GIT_OBJECT_DIRECTORY\" \"$GIT_ALTERNATE_OBJECT_DIRECTORIES\" > '{said}'\ncat '{go}' > /dev/null\nexit 1\n");
        if (!bare)
            await Shell.Git(sandbox.Live, "config", "receive.denyCurrentBranch", "updateInstead");
        return sandbox;
    }

    /// <summary>What the gate says of a commit, while the push of it waits; the push is turned down afterwards.</summary>
    private static async Task<Refusal?> AtTheGate(GitSandbox sandbox, string commit, DeployPolicy? policy = null, bool bare = true)
    {
        if (Directory.Exists(sandbox.At("tree")))
            Directory.Delete(sandbox.At("tree"), recursive: true);
        Directory.CreateDirectory(sandbox.At("tree"));
        var push = Shell.Run(sandbox.Work, "git", "push", "-q", bare ? sandbox.Origin : sandbox.Live, $"{commit}:refs/heads/main");
        var said = await File.ReadAllLinesAsync(sandbox.At("said"), TestContext.Current.CancellationToken);
        try
        {
            var checkout = await sandbox.Checkout();
            var request = new PullRequest { LockFile = Path.Combine(checkout.StatePath, "pull.lock"), Commit = commit, Ref = "refs/heads/main", Policy = policy ?? DeployPolicy.Default };
            return await new Gate(checkout, request, new Quarantine(said[0], said[1], said[2])).Export(sandbox.At("tree"), TestContext.Current.CancellationToken);
        }
        finally
        {
            await File.WriteAllTextAsync(sandbox.At("go"), "", CancellationToken.None);
            await push;
        }
    }
}
