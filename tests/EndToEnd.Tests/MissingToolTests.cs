using System.Runtime.InteropServices;
using WatchReload.EndToEnd.Tests.Support;

namespace WatchReload.EndToEnd.Tests;

/// <summary>A machine without git, or without an SDK: what can work does, the rest says what is missing.</summary>
public sealed class MissingToolTests
{
    [Fact(Timeout = 600_000)]
    public async Task Watch_works_and_pull_names_the_remedy_when_there_is_no_git()
    {
        await using var checkout = await Checkout.Create();
        var path = checkout.Environment["PATH"] = Directory.CreateDirectory(checkout.Beside("no-tools")).FullName;
        var watch = checkout.Start("watch");
        var started = await watch.Verdict("node.started");
        Assert.Null(started.Text("commit"));
        Assert.Single(watch.Errors.All, l => l.Contains("git could not be started", StringComparison.Ordinal));
        using var client = await checkout.Connect("ann");

        checkout.SaveVersion("2");
        await watch.Committed();
        Assert.Equal("version 2", await client.Ask("/version"));

        var pull = await checkout.Run("pull");
        Assert.Equal((5, "git.refused"), (pull.ExitCode, pull.Events[^1].Name));
        Assert.Contains("Install git", pull.Events[^1].Text("remedy"), StringComparison.Ordinal);

        // Who has git finds the same node: its state is where git says.
        checkout.Environment.Remove("PATH");
        Assert.NotEqual(path, Environment.GetEnvironmentVariable("PATH"));
        Assert.Equal(2, (await checkout.Status()).Version);
        Assert.Equal("pong a 1", await client.Ask("/ping a"));
    }

    [Fact(Timeout = 600_000)]
    public async Task Watch_works_and_reload_is_refused_when_git_cannot_read_the_checkout()
    {
        await using var checkout = await Checkout.Create();
        var watch = await checkout.Watch("--no-delta");
        await File.WriteAllTextAsync(checkout[".git/index"], "no index", TestContext.Current.CancellationToken);

        checkout.SaveVersion("2");
        var built = await watch.Events.Next(e => e.Name == "build.finished", "the build");
        Assert.Null(built.Text("commit"));
        Assert.Contains(built.Items("diagnostics"), d => d.GetProperty("severity").GetString() == "warning" && d.GetProperty("message").GetString()!.Contains("carries no commit", StringComparison.Ordinal));
        await watch.Committed();
        using var client = await checkout.Connect("ann");
        Assert.Equal("version 2", await client.Ask("/version"));

        foreach (var order in (string[][])[["reload"], ["reload", "--force"]])
        {
            var refused = await checkout.Run(order);
            Assert.Equal((5, "git.refused"), (refused.ExitCode, refused.Events[^1].Name));
            Assert.Contains("index", refused.Events[^1].Text("cause"), StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task Build_fails_and_names_the_remedy_when_there_is_no_sdk()
    {
        await using var checkout = await Checkout.Create();
        checkout.Dotnet = await RuntimeAlone(checkout.Beside("dotnet"));
        checkout.Environment["PATH"] = Directory.CreateDirectory(checkout.Beside("tools")).FullName; // an SDK may be found by it
        checkout.Environment["DOTNET_ROOT"] = null;

        var run = await checkout.Run("run");

        Assert.Equal((3, "build.failed"), (run.ExitCode, run.Events[^1].Name));
        var problem = Assert.Single(run.Events[^1].Items("diagnostics")).GetProperty("message").GetString();
        Assert.Contains("No .NET SDK found", problem, StringComparison.Ordinal);
        Assert.Contains("none is installed", problem, StringComparison.Ordinal);
        Assert.Contains("Install one from", problem, StringComparison.Ordinal);
    }

    [Fact(Timeout = 600_000)]
    public async Task Edit_is_refused_and_what_runs_serves_on_when_the_sdk_is_removed_and_live_when_it_is_back()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights there.");
        await using var checkout = await Checkout.Create();
        var root = checkout.Beside("dotnet");
        checkout.Dotnet = await RuntimeAlone(root);
        checkout.Environment["PATH"] = Directory.CreateDirectory(checkout.Beside("tools")).FullName; // an SDK may be found by it
        checkout.Environment["DOTNET_ROOT"] = null;
        var sdk = Path.Combine(Directory.CreateDirectory(Path.Combine(root, "sdk")).FullName, Path.GetFileName(Installed));
        Directory.CreateSymbolicLink(sdk, Installed);
        foreach (var needed in (string[])["packs", "sdk-manifests"])
            Directory.CreateSymbolicLink(Path.Combine(root, needed), Path.GetFullPath(Path.Combine(Installed, "..", "..", needed)));
        var watch = await checkout.Watch();
        using var client = await checkout.Connect("ann");
        checkout.SaveVersion("2");
        await watch.Committed();

        File.Delete(sdk); // the link
        checkout.SaveVersion("3");
        var failed = await watch.Verdict("build.failed");
        Assert.True(failed["transient"].GetBoolean());
        Assert.Contains("No .NET SDK found", failed.ToString(), StringComparison.Ordinal);
        Assert.Equal("version 2", await client.Ask("/version"));

        Directory.CreateSymbolicLink(sdk, Installed);
        await watch.Committed(); // by itself
        Assert.Equal("version 3", await client.Ask("/version"));
    }

    [Fact(Timeout = 300_000)]
    public async Task Build_fails_and_names_global_json_when_it_asks_for_an_sdk_that_is_not_installed()
    {
        await using var checkout = await Checkout.Create();
        checkout.Save("global.json", """{ "sdk": { "version": "99.0.100", "rollForward": "disable" } }""");

        var run = await checkout.Run("run");

        Assert.Equal((3, "build.failed"), (run.ExitCode, run.Events[^1].Name));
        var diagnostic = Assert.Single(run.Events[^1].Items("diagnostics"));
        Assert.Equal(checkout["global.json"], diagnostic.GetProperty("file").GetString());
        Assert.Contains("99.0.100", diagnostic.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    /// <summary>The newest SDK beside the running runtime.</summary>
    private static string Installed => Directory.EnumerateDirectories(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "sdk")).Select(Path.GetFullPath).OrderBy(path => path, StringComparer.Ordinal).Last();

    /// <summary>A copy of the running .NET without its SDKs: links would lead back to them.</summary>
    private static async Task<string> RuntimeAlone(string directory)
    {
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        Directory.CreateDirectory(directory);
        await Processes.Run("cp", "-R", Path.Combine(root, "host"), Path.Combine(root, "shared"), Path.Combine(root, "dotnet"), directory);
        return Path.Combine(directory, "dotnet");
    }
}
