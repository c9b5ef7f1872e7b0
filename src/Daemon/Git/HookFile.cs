namespace WatchReload.Daemon.Git;

/// <summary>One hook of a repository. A hook that was there before is kept beside it, to be run first, and comes back when ours is taken out.</summary>
/// <param name="name">As git calls it: <c>post-receive</c>.</param>
/// <param name="directory">Where git looks for it.</param>
internal sealed class HookFile(string name, string directory)
{
    public string Path { get; } = System.IO.Path.Combine(directory, name);

    /// <summary>Where the one from before is.</summary>
    private string Before { get; } = System.IO.Path.Combine(directory, BeforeName(name));

    /// <summary>Null: there was none.</summary>
    public string? Chained => File.Exists(Before) ? Before : null;

    public static string BeforeName(string name) => name + ".before-watchreload";

    /// <summary>Begins the second line of ours.</summary>
    public static string Mark(string name) => $"# watchreload {name} hook.";

    /// <summary>Whether it was changed; or why it must not be.</summary>
    public async Task<(bool Changed, Refusal? Why)> Put(string text, CancellationToken cancellation)
    {
        Directory.CreateDirectory(directory);
        var there = File.Exists(Path) ? await File.ReadAllTextAsync(Path, cancellation) : null;
        if (there is not null && !IsOurs(there))
        {
            if (File.Exists(Before))
                return (false, new Refusal($"{Path} is not ours, and a hook from before is kept already at {Before}", $"Merge the two into one {name}, delete the other, and install again"));
            File.Move(Path, Before);
        }

        if (there == text)
            return (false, null);
        await Write(text, cancellation);
        return (true, null);
    }

    /// <summary>Whether ours was there, and whether the one from before is back.</summary>
    public async Task<(bool Removed, bool Restored)> TakeOut(CancellationToken cancellation)
    {
        if (!File.Exists(Path) || !IsOurs(await File.ReadAllTextAsync(Path, cancellation)))
            return (false, false);
        if (Chained is null)
        {
            File.Delete(Path);
            return (true, false);
        }

        File.Move(Before, Path, overwrite: true);
        return (true, true);
    }

    private bool IsOurs(string text) => text.Split('\n').Take(3).Any(line => line.StartsWith(Mark(name), StringComparison.Ordinal));

    // Renamed into place: a push that arrives meanwhile runs the old hook or the new one, not half of one.
    private async Task Write(string text, CancellationToken cancellation)
    {
        var aside = Path + ".watchreload-new";
        await File.WriteAllTextAsync(aside, text, cancellation);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(aside, (UnixFileMode)0b111_101_101);
        File.Move(aside, Path, overwrite: true);
    }
}
