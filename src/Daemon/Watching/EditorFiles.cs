namespace WatchReload.Daemon.Watching;

/// <summary>Names of the files that editors leave beside the one that is edited: swap files, backups, locks, halves of an atomic save.</summary>
internal static class EditorFiles
{
    private static readonly string[] Endings = ["~", ".swp", ".swo", ".swx", ".tmp", ".TMP", ".bak", ".orig", ".rej", ".crdownload", ".vsctmp", ".kate-swp", "___jb_tmp___", "___jb_old___"];
    private static readonly string[] Beginnings = [".#", "#", ".goutputstream-", ".nfs", "sed"];

    public static bool IsOne(string path)
    {
        var name = Path.GetFileName(path.AsSpan());
        foreach (var ending in Endings)
            if (name.EndsWith(ending, StringComparison.Ordinal))
                return true;
        foreach (var beginning in Beginnings)
            if (name.StartsWith(beginning, StringComparison.Ordinal) && (beginning != "sed" || !name.Contains('.')))
                return true;
        // Vim asks with a file of this name whether it may write to the directory.
        return name.Length >= 4 && int.TryParse(name, out var number) && number >= 4913;
    }
}
