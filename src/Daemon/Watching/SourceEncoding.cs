using System.Text.Unicode;
using WatchReload.Control;

namespace WatchReload.Daemon.Watching;

/// <summary>Whether the compiler can know what a source file's bytes mean. Where they are neither UTF-8 nor say what they are, it takes them for Latin letters, without a word.</summary>
internal static class SourceEncoding
{
    private const int Whole = 1 << 20;

    public static bool IsGuessed(string path)
    {
        if (!path.EndsWith(".cs", StringComparison.OrdinalIgnoreCase) || FileStamp.Of(path) is not { Length: > 0 and < Whole })
            return false;
        try
        {
            var bytes = File.ReadAllBytes(path);
            return bytes is not ([0xFF, 0xFE, ..] or [0xFE, 0xFF, ..]) && !Utf8.IsValid(bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // that is told as such
        }
    }
}
