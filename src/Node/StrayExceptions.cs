using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;

namespace WatchReload.Node;

/// <summary>A stray exception on a background thread or in an <c>async void</c> method must not cost the connections of everybody.</summary>
internal static class StrayExceptions
{
    public static void Survive(ILoggerFactory loggers)
    {
        var logger = loggers.CreateLogger("WatchReload.Node");
        ExceptionHandling.SetUnhandledExceptionHandler(cause =>
        {
            ProcessLog.Stray(logger, cause);
            return true;
        });
    }
}
