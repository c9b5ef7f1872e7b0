using Microsoft.Extensions.Logging;
using WatchReload.Control;

namespace WatchReload.Daemon.Building;

/// <summary>The builder process, as the daemon uses it: started on demand, replaced when it crashes, hangs, grows or has the wrong SDK.</summary>
internal sealed class BuilderHost(BuilderSettings settings, TimeProvider time, ILogger<BuilderHost> log) : IAsyncDisposable
{
    /// <summary>Of the running builder; null while there is none.</summary>
    public int? ProcessId { get; private set; }

    /// <summary>Builds. What goes wrong with the build or the builder is in the outcome's diagnostics.</summary>
    /// <exception cref="OperationCanceledException">The build was stopped; the next one works.</exception>
    public Task<BuildOutcome> Build(BuildRequest request, CancellationToken cancellation) =>
        throw new NotImplementedException($"{settings} {time} {log}");

    /// <summary>Starts the builder and has it load MSBuild, evaluate the project and start the compiler, so that the first build is not slow.</summary>
    public Task WarmUp(BuildRequest request, CancellationToken cancellation) => throw new NotImplementedException($"{ProcessId}");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
