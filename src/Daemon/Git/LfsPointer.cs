namespace WatchReload.Daemon.Git;

/// <summary>What Git LFS leaves in a checkout where a file has not been fetched: a few lines that name it.</summary>
internal static class LfsPointer
{
    private const int Longest = 1024;
    private static readonly byte[] _begin = "version https://git-lfs.github.com/spec/"u8.ToArray();

    public static bool Is(string path)
    {
        if (new FileInfo(path) is not { Exists: true, Length: < Longest })
            return false;
        using var file = File.OpenRead(path);
        var begin = new byte[_begin.Length];
        return file.ReadAtLeast(begin, begin.Length, throwOnEndOfStream: false) == begin.Length && begin.AsSpan().SequenceEqual(_begin);
    }
}
