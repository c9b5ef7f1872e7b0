using WatchReload.Control;

namespace WatchReload.Hosting;

/// <summary>What a node is told at its start.</summary>
public sealed record NodeOptions
{
    /// <summary>Where releases, cookie and pointers lie.</summary>
    public required StateDirectory State { get; init; }

    public string Name { get; init; } = "main";

    /// <summary>The release to start on; null: <c>current</c>.</summary>
    public string? Release { get; init; }

    /// <summary>How long a release that replaces another is on trial, when it is named at the start.</summary>
    public TimeSpan Probation { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long connections and actors have to end when the node stops in order.</summary>
    public TimeSpan DrainDeadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Configuration for the service, above the environment: <c>--Chat:Endpoint=127.0.0.1:7001</c>.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>
    /// Takes deltas, as <c>watch</c> sends them. The process must have been started with <c>DOTNET_MODIFIABLE_ASSEMBLIES=debug</c>, else it takes none. Assemblies are
    /// loaded for good then: old versions stay in memory.
    /// </summary>
    public bool Deltas { get; init; }

    /// <summary>Sockets that a service manager opened for the listeners.</summary>
    public InheritedSockets Sockets { get; init; } = InheritedSockets.None;

    /// <summary>The port of the loopback interface that has the metrics too; null: the pipe alone.</summary>
    public int? MetricsPort { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
