using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace WatchReload.Control;

/// <summary>Where a process listens for a group of users, and the limits of what it takes: tighter than those of its own user.</summary>
public sealed record GroupServerOptions
{
    /// <summary>Absolute path. Its directory is for this socket alone: it gets the group, and a mode of 2750.</summary>
    public required string Socket { get; init; }

    /// <summary>Name of the group, or its number.</summary>
    public required string Group { get; init; }

    /// <summary>Time for a request's headers to arrive; watched once a second.</summary>
    public TimeSpan HeaderTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a connection without a request is kept.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a stopping server waits for the requests under way.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Of a request, unless its route says otherwise. A body that comes slower than 240 bytes a second is cut off.</summary>
    public int MaxBodyBytes { get; init; } = 4 * 1024;

    public int MaxConnections { get; init; } = 64;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public ILoggerFactory Logging { get; init; } = NullLoggerFactory.Instance;
}
