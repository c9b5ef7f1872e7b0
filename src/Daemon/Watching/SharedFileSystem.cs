namespace WatchReload.Daemon.Watching;

/// <summary>File systems that others write to, from elsewhere: the kernel here sends events for what is written here, and none for that.</summary>
internal static class SharedFileSystem
{
    private static readonly HashSet<string> Formats = new(StringComparer.OrdinalIgnoreCase)
    {
        "9p", "v9fs", "afs", "ceph", "cifs", "smb", "smb2", "smb3", "smbfs", "nfs", "nfs4", "ncpfs", "ncp", "vboxsf", "vmhgfs", "prl_fs", "virtiofs", "fuse", "fakeowner", "glusterfs", "lustre", "gfs2", "gpfs", "ocfs2", "coda", "panfs",
    };

    /// <summary>Its name; null when what lies there is written to by this machine alone, or nobody can tell.</summary>
    public static string? Of(string path)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        try
        {
            var drive = new DriveInfo(path);
            return drive.DriveType == DriveType.Network || Formats.Contains(drive.DriveFormat) ? drive.DriveFormat : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null; // the heartbeat and the looks find out
        }
    }
}
