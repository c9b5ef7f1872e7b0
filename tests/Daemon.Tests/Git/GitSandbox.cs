using System.Runtime.CompilerServices;
using WatchReload.Daemon.Git;

namespace WatchReload.Daemon.Tests.Git;

/// <summary>A directory with repositories: <c>origin.git</c>, where <c>work</c> pushes to and <c>live</c> pulls from.</summary>
internal sealed class GitSandbox : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("wr-git-");

    public GitCommand Command { get; } = new(TimeProvider.System);
    public string Root => _directory.FullName;
    public string Origin => At("origin.git");
    public string Work => At("work");
    public string Live => At("live");

    public string At(string path) => Path.Combine(_directory.FullName, path);

    /// <summary>All three, with one commit on <c>main</c>.</summary>
    public static async Task<GitSandbox> Create()
    {
        var sandbox = new GitSandbox();
        await Shell.Git(sandbox.Root, "init", "-q", "--bare", "-b", "main", "origin.git");
        await sandbox.Init("work");
        await Shell.Git(sandbox.Work, "remote", "add", "origin", sandbox.Origin);
        await sandbox.Commit("work", "a.cs", "1");
        await sandbox.Push();
        await Shell.Git(sandbox.Root, "clone", "-q", "origin.git", "live");
        await sandbox.Configure("live");
        return sandbox;
    }

    public async Task Init(string name)
    {
        await Shell.Git(Root, "init", "-q", "-b", "main", name);
        await Configure(name);
    }

    public async Task Configure(string name)
    {
        await Shell.Git(At(name), "config", "user.name", "Test");
        await Shell.Git(At(name), "config", "user.email", "test@example.org");
        await Shell.Git(At(name), "config", "commit.gpgsign", "false");
        // Thousands of objects, each waited for, is what a busy disk takes minutes for.
        await Shell.Git(At(name), "config", "core.fsync", "none");
    }

    /// <summary>Commits one file, and gives the commit.</summary>
    public async Task<string> Commit(string name, string file, string text)
    {
        var path = Path.Combine(At(name), file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, text);
        await Shell.Git(At(name), "add", "-f", file);
        await Shell.Git(At(name), "commit", "-q", "-m", $"Change {file}");
        return await Head(name);
    }

    public async Task<Shell.Result> Push(params string[] options)
    {
        var result = await Shell.Run(Work, "git", ["push", "-q", .. options.Length == 0 ? ["-u", "origin", "HEAD"] : options]);
        Assert.True(result.ExitCode == 0, result.All);
        return result;
    }

    /// <summary>In <c>live</c>, without a change of the tree.</summary>
    public Task Ignore(string pattern) => File.AppendAllTextAsync(At("live/.git/info/exclude"), pattern + "\n");

    public Task<string> Head(string name) => Shell.Git(At(name), "rev-parse", "HEAD");

    public async Task<GitCheckout> Checkout(string name = "live")
    {
        var lookup = await GitCheckout.Find(At(name), Command, TestContext.Current.CancellationToken);
        return Assert.IsType<GitLookup.Found>(lookup).Checkout;
    }

    public async Task<PullResult> Pull(string? commit = null, string? reference = null, Func<PullRequest, PullRequest>? change = null)
    {
        var checkout = await Checkout();
        var request = new PullRequest { LockFile = Path.Combine(checkout.StatePath, "pull.lock"), Commit = commit, Ref = reference };
        return await checkout.Pull(change?.Invoke(request) ?? request, TestContext.Current.CancellationToken);
    }

    public static async Task Script(string path, string text)
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Needs a Unix shell");
        await File.WriteAllTextAsync(path, text);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public void Dispose() => _directory.Delete(recursive: true);

    // The git that is under test inherits this process's environment.
    [ModuleInitializer]
    internal static void IgnoreTheUsersConfiguration()
    {
        Environment.SetEnvironmentVariable("GIT_CONFIG_GLOBAL", OperatingSystem.IsWindows() ? "NUL" : "/dev/null");
        Environment.SetEnvironmentVariable("GIT_CONFIG_NOSYSTEM", "1");
    }
}
