using WatchReload.Control;

namespace WatchReload.Builder.Tests.Support;

/// <summary>One builder for the tests of a class, which build trees of their own: each would wait for its start otherwise.</summary>
public sealed class SharedBuilder : IAsyncDisposable
{
    private readonly Building _building = new();

    internal Task<BuildOutcome> Build(BuildRequest request) => _building.Host.Build(request, TestContext.Current.CancellationToken);

    internal Task WarmUp(BuildRequest request) => _building.Host.WarmUp(request, TestContext.Current.CancellationToken);

    internal Task<BuildOutcome?> Analyze(BuildRequest request, CancellationToken? cancellation = null) => _building.Host.Analyze(request, cancellation ?? TestContext.Current.CancellationToken);

    internal Task Anticipate(BuildRequest request) => _building.Host.Anticipate(request, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _building.DisposeAsync();
}
