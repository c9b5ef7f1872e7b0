namespace WatchReload.Daemon.Configuration;

/// <summary>Finds and reads the files that hold settings.</summary>
internal static class ConfigurationFile
{
    private const int LargestBytes = 1 << 20;

    /// <summary>The top of the git checkout that a directory is in; null outside one.</summary>
    public static string? GitTop(string directory)
    {
        for (var at = directory; at is not null; at = Path.GetDirectoryName(at))
        {
            if (Path.Exists(Path.Combine(at, ".git"))) // a file in worktrees and submodules
                return at;
        }

        return null;
    }

    /// <summary>The nearest watch.json, from the directory up to the top of its checkout; without git in the directory alone.</summary>
    public static string? Find(string directory, FileView files)
    {
        var top = GitTop(directory) ?? directory;
        for (var at = directory; at is not null; at = Path.GetDirectoryName(at))
        {
            if (Path.Combine(at, SettingsLoader.FileName) is var file && (files.IsFile(file) || files.IsDirectory(file)))
                return file;
            if (at == top)
                return null;
        }

        return null;
    }

    /// <summary>The file's object; null when it has none, which is then among the problems.</summary>
    public static ConfigObject? Read(string path, FileView files, List<ConfigurationError> problems)
    {
        if (ReadBytes(path, files, problems) is not { } bytes || JsonSource.Parse(bytes, path, problems) is not { } value)
            return null;
        if (value is ConfigObject top)
            return top;
        problems.Add(value.At.Problem($"The file holds {value.Kind}, not an object.", "Write { \"project\": \"…\" }."));
        return null;
    }

    private static byte[]? ReadBytes(string path, FileView files, List<ConfigurationError> problems)
    {
        var file = Location.Of(path);
        try
        {
            if (files.IsDirectory(path))
                problems.Add(file.Problem("This is a directory, not a file.", $"Name the file in it: {Path.Combine(path, SettingsLoader.FileName)}."));
            else if (!files.IsFile(path))
                problems.Add(file.Problem("There is no such file.", "Check the path, or let \"watchreload init\" write a watch.json."));
            else if (files.Read(path, LargestBytes) is { } bytes)
                return bytes;
            else
                problems.Add(file.Problem("The file is larger than 1 MB.", "Is it the right file? A configuration is a few lines."));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(file.Problem($"The file cannot be read: {e.Message}", "Make it readable for the user that runs watchreload."));
        }

        return null;
    }
}
