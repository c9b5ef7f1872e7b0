using WatchReload.Control;

namespace WatchReload.Daemon.Building;

/// <summary>The way to a builder.</summary>
internal interface IBuilderLink : IDisposable
{
    Task<PipeLines<BuildEvent>> Ask(string target, BuildRequest request, CancellationToken cancellation);

    Task Post(string target, CancellationToken cancellation);
}
