namespace WatchReload.Control;

/// <summary>How long a client of the pipe waits.</summary>
public sealed record PipeClientOptions
{
    /// <summary>For a process that is there to take the connection. One that is not there is told at once.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>For an answer, or the headers of one that comes in lines. <see cref="Timeout.InfiniteTimeSpan"/>: as long as it takes.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>By which nonces grow old.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
