namespace WatchReload.Daemon.Git;

/// <summary>Installs and takes out the hooks: post-receive, which deploys, and where it is asked for pre-receive, which decides whether the push is accepted.</summary>
internal static class Hooks
{
    public static async Task<HookResult> Install(HookRequest request, GitCommand git, CancellationToken cancellation)
    {
        var (repository, why) = await HookRepository.Find(request.Repository, git, cancellation);
        if (repository is null)
            return new HookResult.Refused(why!);
        var (deployment, whyNot) = await HookDeployment.Of(request, repository, git, cancellation);
        if (deployment is null)
            return new HookResult.Refused(whyNot!);

        var way = HookWay.Of(deployment, request);
        var (deploy, gate) = Files(repository);
        try
        {
            // The gate first: from when pushes deploy they pass it.
            var (gateChanged, gateWhy) = request.Gate ? await gate.Put(GateScript.Text(deployment, way, request), cancellation) : ((await gate.TakeOut(cancellation)).Removed, null);
            if (gateWhy is not null)
                return new HookResult.Refused(gateWhy);
            var (changed, deployWhy) = await deploy.Put(HookScript.Text(deployment, way, request), cancellation);
            return deployWhy is not null
                ? new HookResult.Refused(deployWhy)
                : new HookResult.Installed(deploy.Path, deployment.Branch, deploy.Chained, changed || gateChanged) { Gate = request.Gate ? gate.Path : null };
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
        var (deploy, gate) = Files(repository);
        try
        {
            var gated = await gate.TakeOut(cancellation);
            var deployed = await deploy.TakeOut(cancellation);
            return gated.Removed || deployed.Removed
                ? new HookResult.Uninstalled(deploy.Path, gated.Restored || deployed.Restored)
                : new HookResult.NothingInstalled(deploy.Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new HookResult.Refused(new Refusal($"The hook could not be taken out: {e.Message}", $"Run it as the owner of {repository.GitDirectory}"));
        }
    }

    private static (HookFile Deploy, HookFile Gate) Files(HookRepository repository) =>
        (new HookFile(HookScript.Name, repository.HooksDirectory), new HookFile(GateScript.Name, repository.HooksDirectory));
}
