namespace WatchReload.Daemon.Git;

internal static class Ssh
{
    /// <summary>Options of git that keep ssh from asking on a terminal, unless the user has said how ssh is to be called.</summary>
    public static async Task<IReadOnlyList<string>> WithoutPrompts(GitCheckout checkout, CancellationToken cancellation)
    {
        if (Environment.GetEnvironmentVariable("GIT_SSH_COMMAND") is { Length: > 0 } || Environment.GetEnvironmentVariable("GIT_SSH") is { Length: > 0 })
            return [];
        var configured = await checkout.Git.Run(checkout.Root, cancellation, "config", "--get", "core.sshCommand");
        return configured.Ok ? [] : ["-c", "core.sshCommand=ssh -o BatchMode=yes"];
    }
}
