using WatchReload.Control;

namespace WatchReload.Daemon.Building;

/// <summary>The way to a builder.</summary>
internal interface IBuilderLink : IDisposable
{
    Task<PipeLines<BuildEvent>> Ask(string target, BuildRequest request, CancellationToken cancellation);

    Task Cancel(CancellationToken cancellation);
}

/// <summary>To one of this process's user: the pipe.</summary>
internal sealed class SameUserLink(PipeClient client) : IBuilderLink
{
    public Task<PipeLines<BuildEvent>> Ask(string target, BuildRequest request, CancellationToken cancellation) =>
        client.PostLines(target, request, ControlJson.Default.BuildRequest, ControlJson.Default.BuildEvent, cancellation);

    public Task Cancel(CancellationToken cancellation) => client.Post(BuilderRoutes.Cancel, cancellation);

    public void Dispose() => client.Dispose();
}

/// <summary>To one of another user, in which code of whoever pushes may answer: it is believed what it built, and no more.</summary>
internal sealed class OtherUserLink(UserClient client) : IBuilderLink
{
    public Task<PipeLines<BuildEvent>> Ask(string target, BuildRequest request, CancellationToken cancellation) =>
        client.PostLines(target, request, ControlJson.Default.BuildRequest, ControlJson.Default.BuildEvent, cancellation);

    public Task Cancel(CancellationToken cancellation) => client.Post(BuilderRoutes.Cancel, cancellation);

    public void Dispose() => client.Dispose();
}

internal static class BuilderRoutes
{
    public const string Cancel = "/v1/cancel";
}
