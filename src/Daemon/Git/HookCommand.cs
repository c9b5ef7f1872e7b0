namespace WatchReload.Daemon.Git;

internal static class HookCommand
{
    /// <summary>The absolute command line that runs this watchreload again.</summary>
    public static IReadOnlyList<string> OfThisProcess() => throw new NotImplementedException();
}
