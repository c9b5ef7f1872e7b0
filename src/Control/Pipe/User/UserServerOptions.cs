using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace WatchReload.Control;

/// <summary>Where a process listens for one other user, and the limits of what it takes: those of the pipe.</summary>
public sealed record UserServerOptions
{
    /// <summary>Absolute path. Its directory is made, and opened for others to enter.</summary>
    public required string Socket { get; init; }

    /// <summary>Id of the user that may connect; no other, not even root.</summary>
    public required long Peer { get; init; }

    /// <summary>Time for a request's headers to arrive; watched once a second.</summary>
    public TimeSpan HeaderTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a connection without a request is kept.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a stopping server waits for the requests under way.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(5);

    public int MaxBodyBytes { get; init; } = 1024 * 1024;

    public int MaxConnections { get; init; } = 256;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public ILoggerFactory Logging { get; init; } = NullLoggerFactory.Instance;
}
