using WatchReload.Tests;

namespace WatchReload.EndToEnd.Tests.Support;

/// <summary>A bare repository with our hook, the checkout that follows it with <c>run</c>, and the clone of a developer who pushes.</summary>
public class Deployment : IAsyncLifetime
{
    private string _clone = null!;
    private string _origin = null!;

    /// <summary>Of <c>hook install</c>.</summary>
    protected virtual IReadOnlyList<string> Options => [];

    internal Checkout Checkout { get; private set; } = null!;

    /// <summary>The one <c>run</c>.</summary>
    internal Command Daemon { get; private protected set; } = null!;

    public virtual async ValueTask InitializeAsync()
    {
        Checkout = await Checkout.Create();
        _origin = await Origin();
        _clone = Checkout.Beside("clone");
        await Checkout.Git("clone", "--quiet", _origin, _clone);
        await Prepare();
        await Install(_origin);
        Daemon = Checkout.Start("run");
        await Daemon.Verdict("node.started");
    }

    /// <summary>The repository that is pushed to.</summary>
    private protected virtual async Task<string> Origin()
    {
        var bare = Checkout.Beside("origin.git");
        await Checkout.Git("init", "--quiet", "--bare", "--initial-branch=main", bare);
        await Checkout.Git("remote", "add", "origin", bare);
        await Checkout.Git("push", "--quiet", "--set-upstream", "origin", "main");
        return bare;
    }

    /// <summary>Before the first command.</summary>
    protected virtual Task Prepare() => Task.CompletedTask;

    /// <summary>The hook.</summary>
    protected virtual async Task Install(string bare)
    {
        var installed = await Checkout.Run(["hook", "install", bare, .. Options]);
        Assert.True(installed.ExitCode == 0, installed.ToString());
    }

    /// <summary>Git as whoever pushes.</summary>
    protected virtual Task<(int ExitCode, string Output)> TryGit(string directory, params string[] arguments) => Git.Try(directory, arguments);

    public virtual async ValueTask DisposeAsync()
    {
        if (Checkout is not null)
            await Checkout.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Commits that text as ServiceVersion.cs and pushes it. The commit's id, and what git had to tell from the other side.</summary>
    internal async Task<(string Commit, IReadOnlyList<string> Told)> Push(string subject, string source)
    {
        var (commit, accepted, told) = await TryPush(subject, source);
        Assert.True(accepted, string.Join('\n', told));
        return (commit, told);
    }

    /// <summary>As <see cref="Push"/>, but the other side may reject it; then the clone is as it was before.</summary>
    internal async Task<(string Commit, bool Accepted, IReadOnlyList<string> Told)> TryPush(string subject, string source)
    {
        var commit = await Commit(subject, source);
        var (exitCode, output) = await TryGit(_clone, "push", "--quiet", "origin", "main");
        TestContext.Current.TestOutputHelper?.WriteLine(output);
        const string remote = "remote: ";
        if (exitCode != 0)
            await GitRun(_clone, "reset", "--quiet", "--hard", "HEAD~1");
        return (commit, exitCode == 0, [.. output.Split('\n').Where(l => l.StartsWith(remote, StringComparison.Ordinal)).Select(l => l[remote.Length..].TrimEnd())]);
    }

    /// <summary>Pushes without waiting for the verdict: until the other side has taken it. What it tells comes later.</summary>
    internal async Task<(string Commit, Task<IReadOnlyList<string>> Told)> BeginPush(string subject, string source)
    {
        var commit = await Commit(subject, source);
        var push = Git.Try(_clone, "push", "--quiet", "origin", $"{commit}:refs/heads/main");
        var branch = Path.Combine(_origin, "refs", "heads", "main");
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        await await Task.WhenAny(push, FileNews.Until(branch, () => FileNews.Says(branch, commit), ended.Token));
        await ended.CancelAsync();
        return (commit, Told());

        async Task<IReadOnlyList<string>> Told()
        {
            var (exitCode, output) = await push;
            Assert.True(exitCode == 0, output);
            return output.Split('\n');
        }
    }

    /// <summary>A commit that comes to the bare repository by another way than a push.</summary>
    internal async Task<string> PushWithoutHooks(string subject, string source)
    {
        var commit = await Commit(subject, source);
        await Git.Run(_origin, "fetch", "--quiet", _clone, "main:main");
        return commit;
    }

    /// <summary>Pushes from a session of its own, as a terminal has one.</summary>
    internal async Task<(string Commit, PushUnderWay Push)> StartPush(string subject, string source)
    {
        var commit = await Commit(subject, source);
        return (commit, PushUnderWay.Begin(_clone));
    }

    /// <summary>Where the branch is that is pushed to.</summary>
    internal Task<string> Accepted() => GitRun(_origin, "rev-parse", "main");

    private async Task<string> Commit(string subject, string source)
    {
        await File.WriteAllTextAsync(Path.Combine(_clone, Checkout.Service, "ServiceVersion.cs"), source, TestContext.Current.CancellationToken);
        await GitRun(_clone, "commit", "--quiet", "--all", "--message", subject);
        return await GitRun(_clone, "rev-parse", "HEAD");
    }

    private async Task<string> GitRun(string directory, params string[] arguments)
    {
        var (exitCode, output) = await TryGit(directory, arguments);
        return exitCode == 0 ? output.Trim() : throw new InvalidOperationException($"git {string.Join(' ', arguments)} gave {exitCode}: {output}");
    }
}

/// <summary>The same, with a hook that accepts a push only when it builds and can be rehearsed.</summary>
public sealed class GatedDeployment : Deployment
{
    protected override IReadOnlyList<string> Options => ["--gate"];
}

/// <summary>Pushes go to the checkout that serves, whose files git updates itself, past a gate.</summary>
public sealed class UpdatedDeployment : Deployment
{
    protected override IReadOnlyList<string> Options => ["--gate"];

    private protected override async Task<string> Origin()
    {
        await Checkout.Git("config", "receive.denyCurrentBranch", "updateInstead");
        return Checkout.Root;
    }
}
