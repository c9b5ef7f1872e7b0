using WatchReload.Control;

namespace WatchReload.Daemon.Building;

/// <summary>The way to a builder of this process's user: the pipe.</summary>
internal sealed class SameUserLink(PipeClient client) : IBuilderLink
{
    public Task<PipeLines<BuildEvent>> Ask(string target, BuildRequest request, CancellationToken cancellation) =>
        client.PostLines(target, request, ControlJson.Default.BuildRequest, ControlJson.Default.BuildEvent, cancellation);

    public Task Post(string target, CancellationToken cancellation) => client.Post(target, cancellation);

    public void Dispose() => client.Dispose();
}
