namespace WatchReload.Control;

/// <summary>Names of the files that editors leave beside the one that is edited: swap files, backups, locks, halves of an atomic save.</summary>
public static class EditorFiles
{
    /// <summary>Nobody gives a file of his own such a name.</summary>
    private static readonly string[] CertainEndings = ["~", ".swp", ".swo", ".swx", ".vsctmp", ".kate-swp", "___jb_tmp___", "___jb_old___"];
    private static readonly string[] Endings = [".tmp", ".TMP", ".bak", ".orig", ".rej", ".crdownload"];
    private static readonly string[] Beginnings = [".#", "#", ".goutputstream-", ".nfs", "sed"];

    public static bool IsOne(string path)
    {
        var name = Path.GetFileName(path.AsSpan());
        if (IsCertainlyOne(path) || Ends(name, Endings))
            return true;
        foreach (var beginning in Beginnings)
            if (name.StartsWith(beginning, StringComparison.Ordinal) && (beginning != "sed" || !name.Contains('.')))
                return true;
        // Vim asks with a file of this name whether it may write to the directory.
        return name.Length >= 4 && int.TryParse(name, out var number) && number >= 4913;
    }

    /// <summary>Whether nobody gives a file of his own such a name, and no compiler takes it of itself: a build is another for it only where a pattern of the project's own takes it.</summary>
    public static bool IsCertainlyOne(string path) => Ends(Path.GetFileName(path.AsSpan()), CertainEndings);

    private static bool Ends(ReadOnlySpan<char> name, string[] endings)
    {
        foreach (var ending in endings)
            if (name.EndsWith(ending, StringComparison.Ordinal))
                return true;
        return false;
    }
}
