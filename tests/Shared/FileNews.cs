using System.Threading.Channels;

namespace WatchReload.Tests;

/// <summary>Waits for what another process writes to a file: the file system tells of each change, and it is looked at then.</summary>
internal static partial class FileNews
{
    /// <summary>Until the condition holds of the file.</summary>
    /// <param name="path">Its directory exists.</param>
    /// <param name="condition">Looks at the file, which may not be there.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task Until(string path, Func<bool> condition, CancellationToken cancellation)
    {
        var news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        void Tell() => news.Writer.TryWrite(true);
        using var watcher = new FileSystemWatcher(Path.GetDirectoryName(path)!, Path.GetFileName(path));
        watcher.Created += (_, _) => Tell();
        watcher.Changed += (_, _) => Tell();
        watcher.Renamed += (_, _) => Tell();
        watcher.Error += (_, e) => news.Writer.TryComplete(e.GetException());
        watcher.EnableRaisingEvents = true;
        while (!condition())
            await news.Reader.ReadAsync(cancellation);
    }

    /// <summary>Whether the file says that; not when it is not there.</summary>
    public static bool Says(string path, string text) => File.Exists(path) && Read(path).Contains(text, StringComparison.Ordinal);

    /// <summary>Also while somebody writes it.</summary>
    public static string Read(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd();
    }
}
