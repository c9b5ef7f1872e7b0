namespace WatchReload.Control;

/// <summary>A file that names a release: <c>nodes/NAME/current</c>, <c>nodes/NAME/trial</c>.</summary>
public static class PointerFile
{
    /// <summary>Id of the release; null: none is named.</summary>
    /// <exception cref="IOException">It cannot be known.</exception>
    public static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim() is { Length: > 0 } id ? id : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
