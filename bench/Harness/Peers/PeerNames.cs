namespace WatchReload.Bench.Peers;

/// <summary>What everybody is called in results and report.</summary>
internal static class PeerNames
{
    public const string WatchReload = "WatchReload";
    public const string WatchReloadAlone = "WatchReload without a daemon";
    public const string WatchReloadForGood = "WatchReload, code that stays";
    public const string DotnetWatch = "dotnet watch";
    public const string DotnetBuild = "dotnet build --no-restore";
    public const string Emit = "bare Roslyn emit";
    public const string Erlang = "Erlang recipe";
    public const string Restart = "restart";
    public const string RestartBehindSocket = "restart behind an open socket";
    public const string Kestrel = "bare Kestrel";
    public const string ErlangVm = "Erlang/OTP";
}
