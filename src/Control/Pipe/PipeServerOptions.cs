using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace WatchReload.Control;

/// <summary>Under which name a process listens, and the limits of what it takes.</summary>
public sealed record PipeServerOptions
{
    public required StateDirectory State { get; init; }

    /// <summary>A node's name, or <c>daemon</c>, or <c>builder-PID</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Names this run of the process.</summary>
    public string Instance { get; init; } = Guid.NewGuid().ToString("n");

    /// <summary>Time for a request's headers to arrive; watched once a second.</summary>
    public TimeSpan HeaderTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time for a request's body to arrive.</summary>
    public TimeSpan BodyTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection without a request is kept.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a stopping server waits for the requests under way.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(5);

    public int MaxBodyBytes { get; init; } = 1024 * 1024;

    public int MaxConnections { get; init; } = 256;

    /// <summary>How long a nonce can be used.</summary>
    public TimeSpan NonceLifetime { get; init; } = TimeSpan.FromSeconds(30);

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public ILoggerFactory Logging { get; init; } = NullLoggerFactory.Instance;
}
