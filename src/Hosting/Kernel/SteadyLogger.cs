using Microsoft.Extensions.Logging;

namespace WatchReload.Hosting.Kernel;

/// <summary>Never throws: neither a sink nor an exception of the service that cannot be printed may cost an actor its turn.</summary>
internal sealed class SteadyLogger(ILogger logger) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => logger.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => logger.IsEnabled(logLevel);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            logger.Log(logLevel, eventId, state, exception, formatter);
        }
        catch (Exception)
        {
            // The failure of the log has no other place to be told.
        }
    }
}
