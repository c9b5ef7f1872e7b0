using WatchReload.Daemon.Configuration;
using WatchReload.Daemon.Git;

namespace WatchReload.Daemon.Cli;

/// <summary>
/// Whether the configuration will be right once a commit is checked out. A broken watch.json must not get that far: from then on every
/// command that reads it would fail until somebody mends the checkout by hand.
/// </summary>
/// <param name="sources">Of the settings in force.</param>
/// <param name="file">The watch.json in force; null when there is none.</param>
internal sealed class CommitSettings(SettingsSources sources, string? file)
{
    public async Task<Refusal?> Check(CommitTree tree, CancellationToken cancellation)
    {
        var place = file ?? sources.ConfigPath ?? Path.Combine(sources.Directory, SettingsLoader.FileName);
        var files = await CommitFiles.Of(tree, Path.GetFullPath(place, sources.Directory), cancellation);
        var loaded = SettingsLoader.Load(sources with { ConfigPath = file ?? sources.ConfigPath, Files = files });
        if (loaded.Valid)
            return null;
        var problems = string.Join('\n', loaded.Errors.Select(error => error.ToString()));
        return new Refusal($"With commit {CommitId.Short(tree.Commit)} the configuration would have errors:\n{problems}", "Mend them as they say, commit, and push again; the checkout is as it was");
    }
}
