using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace WatchReload.Testing;

/// <summary>Takes the exceptions of failed turns from the kernel's log.</summary>
internal sealed class TurnFailureLog : ILogger
{
    private readonly ConcurrentQueue<Exception> _failures = new();

    public IReadOnlyList<Exception> Failures => [.. _failures];

    /// <summary>What to add to the text of a missed expectation: a failed turn is the likely cause.</summary>
    public string Hint => _failures.TryPeek(out var first) ? $" A turn has failed with {first.GetType().Name}: {first.Message}" : "";

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (exception is not null) _failures.Enqueue(exception);
    }
}
