using Microsoft.Extensions.Logging;

namespace WatchReload.Hosting.Upgrading;

/// <summary>The node's loggers, for a version with types that deltas have made anew: the categories of their loggers are the names that the author gave them.</summary>
internal sealed class SourceNamedLoggers(ILoggerFactory loggers) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => loggers.CreateLogger(SourceNames.InText(categoryName));

    public void AddProvider(ILoggerProvider provider) => loggers.AddProvider(provider);

    /// <summary>They are the node's.</summary>
    public void Dispose()
    {
    }
}
