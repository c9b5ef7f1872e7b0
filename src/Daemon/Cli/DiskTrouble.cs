namespace WatchReload.Daemon.Cli;

/// <summary>What the disk has against a piece of work and not against its path: it passes, or somebody makes it.</summary>
internal static class DiskTrouble
{
    private const int InputOutputError = 5;
    private const int NoSpace = 28;
    private const int ReadOnly = 30;
    private const int QuotaLinux = 122;
    private const int DiskFullWindows = unchecked((int)0x80070070);

    // .NET puts the system's own error number there.
    public static bool Is(Exception? cause) => cause is IOException { HResult: InputOutputError or NoSpace or ReadOnly or QuotaLinux or DiskFullWindows };
}
