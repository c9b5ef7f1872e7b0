using WatchReload.Daemon.Git;

namespace WatchReload.Daemon.Tests.Git;

/// <summary>A repository that is pushed to, with a command in the place of watchreload that notes how it was called.</summary>
internal static class HookSandbox
{
    public static async Task<GitSandbox> Sandbox(int exitCode = 0)
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("The scripts of these tests need a Unix shell");
        var sandbox = await GitSandbox.Create();
        await File.WriteAllTextAsync(sandbox.At("live/watch.json"), "{}");
        await GitSandbox.Script(Command(sandbox), $"#!/bin/sh\nprintf '%s\\n' \"$*\" >> '{sandbox.At("calls")}'\nenv > '{sandbox.At("environment")}'\necho verdict of the deployment\nexit {exitCode}\n");
        return sandbox;
    }

    public static string Command(GitSandbox sandbox) => sandbox.At("watch reload");

    public static async Task<IReadOnlyList<string>> Calls(GitSandbox sandbox) => File.Exists(sandbox.At("calls")) ? await File.ReadAllLinesAsync(sandbox.At("calls")) : [];

    public static async Task<HookResult.Installed> Install(GitSandbox sandbox, string repository = "origin.git", bool gate = false)
    {
        var result = await TryInstall(sandbox, repository, gate: gate);
        return Assert.IsType<HookResult.Installed>(result);
    }

    public static Task<HookResult> TryInstall(GitSandbox sandbox, string repository = "origin.git", string? branch = null, bool gate = false) =>
        Hooks.Install(new HookRequest(sandbox.At(repository), sandbox.At("live/watch.json"), branch, [Command(sandbox)]) { Gate = gate }, sandbox.Command, TestContext.Current.CancellationToken);

    public static Task<HookResult> Uninstall(GitSandbox sandbox) => Hooks.Uninstall(sandbox.Origin, sandbox.Command, TestContext.Current.CancellationToken);
}
