namespace WatchReload.Daemon.Git;

/// <summary>Installs and takes out the post-receive hook. A hook that was there before is kept beside it and run first.</summary>
internal static class Hooks
{
    private const string Name = "post-receive";

    public static async Task<HookResult> Install(HookRequest request, GitCommand git, CancellationToken cancellation)
    {
        var (repository, why) = await HookRepository.Find(request.Repository, git, cancellation);
        if (repository is null)
            return new HookResult.Refused(why!);
        var (deployment, whyNot) = await HookDeployment.Of(request, repository, git, cancellation);
        if (deployment is null)
            return new HookResult.Refused(whyNot!);

        var (path, before) = Files(repository);
        var text = HookScript.Text(deployment, request);
        try
        {
            Directory.CreateDirectory(repository.HooksDirectory);
            var there = File.Exists(path) ? await File.ReadAllTextAsync(path, cancellation) : null;
            if (there is not null && !HookScript.IsOurs(there))
            {
                if (File.Exists(before))
                    return new HookResult.Refused(new Refusal($"{path} is not ours, and a hook from before is kept already at {before}", "Merge the two into one post-receive, delete the other, and install again"));
                File.Move(path, before);
            }
            if (there != text)
                await Write(path, text, cancellation);
            return new HookResult.Installed(path, deployment.Branch, File.Exists(before) ? before : null, there != text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new HookResult.Refused(new Refusal($"The hook could not be written: {e.Message}", $"Run it as the owner of {repository.GitDirectory}"));
        }
    }

    public static async Task<HookResult> Uninstall(string directory, GitCommand git, CancellationToken cancellation)
    {
        var (repository, why) = await HookRepository.Find(directory, git, cancellation);
        if (repository is null)
            return new HookResult.Refused(why!);
        var (path, before) = Files(repository);
        try
        {
            if (!File.Exists(path) || !HookScript.IsOurs(await File.ReadAllTextAsync(path, cancellation)))
                return new HookResult.NothingInstalled(path);
            if (!File.Exists(before))
            {
                File.Delete(path);
                return new HookResult.Uninstalled(path, Restored: false);
            }
            File.Move(before, path, overwrite: true);
            return new HookResult.Uninstalled(path, Restored: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new HookResult.Refused(new Refusal($"The hook could not be taken out: {e.Message}", $"Run it as the owner of {repository.GitDirectory}"));
        }
    }

    private static (string Path, string Before) Files(HookRepository repository) =>
        (Path.Combine(repository.HooksDirectory, Name), Path.Combine(repository.HooksDirectory, HookScript.Before));

    // Renamed into place: a push that arrives meanwhile runs the old hook or the new one, not half of one.
    private static async Task Write(string path, string text, CancellationToken cancellation)
    {
        var aside = path + ".watchreload-new";
        await File.WriteAllTextAsync(aside, text, cancellation);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(aside, (UnixFileMode)0b111_101_101);
        File.Move(aside, path, overwrite: true);
    }
}
