using WatchReload.Hosting.Kernel;
using WatchReload.Hosting.Loading;
using WatchReload.Hosting.Upgrading.Mapping;

namespace WatchReload.Hosting.Upgrading;

/// <summary>Makes versions within a deadline: all of the service's code that the factory runs may hang.</summary>
internal sealed class VersionMaking(ActorKernel kernel, VersionFactory factory, Retirements retirements)
{
    /// <summary>The version, or why there is none: all problems together.</summary>
    public async Task<(ServiceVersion? Version, IReadOnlyList<string> Problems)> Make(int number, LoadedRelease release, MappingDirection direction)
    {
        var name = release.ServiceType.Name;
        var making = OwnThreads.Run(() => factory.Create(number, release, direction));
        try
        {
            return await making.WaitAsync(Preparation.Deadline, kernel.Time);
        }
        catch (TimeoutException)
        {
            _ = LetGoOf(making);
            return (null, [$"{name} cannot be configured: its constructor, Configure, or a constructor of its behaviors and services did not end within {Preparation.Deadline.TotalSeconds:0} s. What waits or does I/O belongs in a hosted service."]);
        }
    }

    /// <summary>Should it end after all, nobody wants it any more.</summary>
    private async Task LetGoOf(Task<(ServiceVersion? Version, IReadOnlyList<string> Problems)> making)
    {
        if ((await making).Version is { } late) await retirements.LetGo(late);
    }
}
