using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Control;
using WatchReload.Daemon.Building;

namespace WatchReload.Builder.Tests.Support;

/// <summary>A tree and the builder that builds it: real processes, real MSBuild.</summary>
internal sealed class Building : IAsyncDisposable
{
    /// <param name="settings">From the defaults.</param>
    /// <param name="time">Of the deadlines.</param>
    public Building(Func<BuilderSettings, BuilderSettings>? settings = null, TimeProvider? time = null)
    {
        var defaults = new BuilderSettings(new StateDirectory(Tree.State));
        Host = new BuilderHost(settings?.Invoke(defaults) ?? defaults, time ?? TimeProvider.System, NullLogger<BuilderHost>.Instance);
    }

    public Tree Tree { get; } = new();

    public BuilderHost Host { get; }

    public BuildRequest Request(string project, string configuration = "Release") => Tree.Request(project, configuration);

    public Task<BuildOutcome> Build(string project, CancellationToken cancellation = default) => Host.Build(Request(project), cancellation);

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        Tree.Dispose();
    }
}
