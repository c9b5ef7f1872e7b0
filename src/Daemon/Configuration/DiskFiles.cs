namespace WatchReload.Daemon.Configuration;

internal sealed class DiskFiles : FileView
{
    public override bool IsFile(string path) => File.Exists(path);

    public override bool IsDirectory(string path) => Directory.Exists(path);

    public override IEnumerable<string> FilesIn(string directory)
    {
        try
        {
            return [.. Directory.EnumerateFiles(directory)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    public override byte[]? Read(string path, int most)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[most + 1];
        var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return length <= most ? bytes[..length] : null;
    }
}
