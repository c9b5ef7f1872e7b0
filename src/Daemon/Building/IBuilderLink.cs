using WatchReload.Control;

namespace WatchReload.Daemon.Building;

/// <summary>The way to a builder.</summary>
internal interface IBuilderLink : IDisposable
{
    Task<PipeLines<BuildEvent>> Ask(string target, BuildRequest request, CancellationToken cancellation);

    /// <summary>Waits until what makes the next edit fast is there.</summary>
    Task Ready(CancellationToken cancellation);

    Task Post(string target, CancellationToken cancellation);
}
