namespace WatchReload.Daemon.Watching;

/// <summary>A limit of the operating system on watching, with the setting that raises it.</summary>
internal sealed record WatchLimit(string Cause, string Remedy)
{
    private const int TooManyFiles = 24; // EMFILE
    private const int NoSpace = 28; // ENOSPC

    /// <summary>Null when the error is not a limit.</summary>
    public static WatchLimit? From(Exception error) => !OperatingSystem.IsLinux() || error is not IOException ? null : error.HResult switch
    {
        NoSpace => new WatchLimit("The limit on inotify watches is reached", "Raise it: sysctl fs.inotify.max_user_watches=1048576 (to keep it, in /etc/sysctl.d)"),
        TooManyFiles => new WatchLimit("The limit on inotify instances or open files is reached", "Raise it: sysctl fs.inotify.max_user_instances=1024 (to keep it, in /etc/sysctl.d), or ulimit -n"),
        _ => null,
    };
}
