namespace WatchReload.Daemon.Releases;

/// <summary>An expected failure: why, and what to do about it.</summary>
internal sealed record Failure(string Cause, string Remedy)
{
    private const int NoSpaceUnix = 28;
    private const int QuotaLinux = 122;
    private const int DiskFullWindows = unchecked((int)0x80070070);

    /// <summary>What was copied may be neither what was built nor what is built now.</summary>
    public static Failure Changed(string source) => new($"{source} changed while it was copied.", "Build again; if it happens again, another build writes to the same place.");

    public static bool IsFull(IOException e) => e.HResult is NoSpaceUnix or QuotaLinux or DiskFullWindows;

    /// <summary>What the file system said, in terms of staging; null for what is a defect.</summary>
    public static Failure? Of(Exception e, string directory) => e switch
    {
        IOException full when IsFull(full) =>
            new($"The disk is full: {e.Message}", $"Free space where {directory} lies; a lower releases.keep keeps fewer releases."),
        FileNotFoundException or DirectoryNotFoundException =>
            new($"A file of the build is gone: {e.Message}", "Build again. If it happens again, something else cleans the build's output."),
        UnauthorizedAccessException =>
            new($"No access: {e.Message}", $"Let this user read the build's output and write below {directory}."),
        IOException =>
            new($"Copying failed: {e.Message}", $"Check the disk that holds {directory}, then build again."),
        _ => null,
    };
}
