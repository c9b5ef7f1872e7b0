using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Control;
using WatchReload.Daemon.Building;

namespace WatchReload.Builder.Tests.Support;

/// <summary>A tree and the builder that builds it: real processes, real MSBuild.</summary>
internal sealed class Building : IAsyncDisposable
{
    private readonly Func<BuilderHost> _start;

    /// <param name="settings">From the defaults.</param>
    /// <param name="time">Of the deadlines.</param>
    public Building(Func<BuilderSettings, BuilderSettings>? settings = null, TimeProvider? time = null)
    {
        var defaults = new BuilderSettings(new StateDirectory(Tree.State));
        _start = () => new BuilderHost(settings?.Invoke(defaults) ?? defaults, time ?? TimeProvider.System, NullLogger<BuilderHost>.Instance);
        Host = _start();
    }

    public Tree Tree { get; } = new();

    public BuilderHost Host { get; private set; }

    /// <summary>Another builder, that knows nothing of what this one has built.</summary>
    public async Task Restart()
    {
        await Host.DisposeAsync();
        Host = _start();
    }

    public BuildRequest Request(string project, string configuration = "Release") => Tree.Request(project, configuration);

    public Task<BuildOutcome> Build(string project, CancellationToken cancellation = default) => Host.Build(Request(project), cancellation);

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        Tree.Dispose();
    }
}
