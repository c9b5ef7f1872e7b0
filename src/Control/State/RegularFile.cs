namespace WatchReload.Control;

/// <summary>Opens files at paths where anybody may have put something else.</summary>
public static class RegularFile
{
    /// <summary>Opens what lies at the path, links followed, if it is a file: no named pipe is waited for, and no device touched. On Linux what was looked at is what is opened.</summary>
    /// <exception cref="StateException">It is no file.</exception>
    /// <exception cref="IOException">It cannot be looked at, or opened.</exception>
    public static Stream OpenRead(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        const int bufferSize = 4096;
        if (OperatingSystem.IsLinux())
        {
            using var found = FoundFile.At(path);
            return found.OpenRead(bufferSize);
        }

        // A pipe and a device have no length; so what has none is not opened.
        var file = new FileInfo(path);
        return (file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file).Length == 0 ? Stream.Null : new FileStream(path, Reading(bufferSize));
    }

    /// <summary>Others may change it meanwhile.</summary>
    internal static FileStreamOptions Reading(int bufferSize) =>
        new() { Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, Options = FileOptions.SequentialScan, BufferSize = bufferSize };
}
