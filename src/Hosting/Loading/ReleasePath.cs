using System.Buffers;

namespace WatchReload.Hosting.Loading;

/// <summary>
/// Paths in a manifest: relative, with <c>/</c>, of plain segments. Strict, because a path that leaves its directory would have the
/// node read, check and load a file that the release does not own.
/// </summary>
internal static class ReleasePath
{
    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdef");

    public static bool IsPlain(string? path) =>
        !string.IsNullOrEmpty(path)
        && path.AsSpan().IndexOfAny('\\', ':', '\0') < 0
        && path.Split('/').All(segment => segment is not ("" or "." or ".."));

    /// <summary>Whether it can name a directory of the state directory by a hash: nothing but lower-case hex.</summary>
    public static bool IsHash(string? hash) =>
        !string.IsNullOrEmpty(hash) && !hash.AsSpan().ContainsAnyExcept(Hex);

    public static string Combine(string root, string path) => Path.Combine(root, path.Replace('/', Path.DirectorySeparatorChar));
}
