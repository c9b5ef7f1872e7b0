using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace WatchReload.Hosting.Tests.Upgrading;

/// <summary>A log in which the node stops at one entry until the test lets it go on.</summary>
/// <param name="at">What the entry begins with.</param>
internal sealed class HeldLog(string at) : ILoggerFactory, ILogger
{
    private readonly ManualResetEventSlim _released = new();
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _awaited = new();

    /// <summary>The node is held.</summary>
    public Task Reached => _reached.Task;

    public void Release() => _released.Set();

    /// <summary>Completes with the first entry that begins so; to be asked for before that is written.</summary>
    public Task Logged(string beginning) => _awaited.GetOrAdd(beginning, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var text = formatter(state, exception);
        foreach (var (beginning, logged) in _awaited)
            if (text.StartsWith(beginning, StringComparison.Ordinal)) logged.TrySetResult();

        if (!text.StartsWith(at, StringComparison.Ordinal)) return;
        _reached.TrySetResult();
        _released.Wait(TestContext.Current.CancellationToken);
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
        _released.Set();
        _released.Dispose();
    }
}
