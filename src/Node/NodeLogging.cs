using System.Globalization;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Configuration;
using Serilog.Events;

namespace WatchReload.Node;

/// <summary>
/// Serilog behind Microsoft.Extensions.Logging: to standard error, and to a rolling file where one is named. A quiet node leaves to that file what it has to tell of its own
/// reloads, for somebody looks at the output who is told of each by the daemon; what the service logs, which addresses are listened on, and whatever is wrong stays.
/// Lines are written by a thread of their own, in order: after a reload thousands of actors may log one each, and those who are connected would wait for the disk.
/// </summary>
internal sealed class NodeLogging : IAsyncDisposable
{
    private const string Template = "{Timestamp:HH:mm:ss.fff} {Level:u3} {SourceContext}: {Message:lj}{NewLine}{Exception}";

    /// <summary>So many lines may wait; whoever logs another one waits with it, so that none is lost.</summary>
    private const int MostWaiting = 16_384;

    private const string Listening = "WatchReload.Hosting.Tcp";

    /// <summary>The node's own categories, and what begins like them.</summary>
    private static readonly string[] _own = ["WatchReload.Node", "WatchReload.Actors", "WatchReload.Endpoint", "WatchReload.Hosting", "WatchReload.Control"];
    private readonly Serilog.Core.Logger _serilog;

    private NodeLogging(Serilog.Core.Logger serilog)
    {
        _serilog = serilog;
        Factory = LoggerFactory.Create(logging => logging.AddSerilog(serilog));
        AppDomain.CurrentDomain.UnhandledException += WriteTheRest;
    }

    public ILoggerFactory Factory { get; }

    public static NodeLogging Create(NodeArguments arguments)
    {
        var configuration = new LoggerConfiguration()
            .MinimumLevel.Information()
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .WriteTo.Async(all => WriteTo(all, arguments), MostWaiting, blockWhenFull: true);
        return new NodeLogging(configuration.CreateLogger());
    }

    private static void WriteTo(LoggerSinkConfiguration all, NodeArguments arguments)
    {
        all.Logger(shown => (arguments.Quiet ? shown.Filter.ByExcluding(IsOwnNews) : shown)
            .WriteTo.Console(standardErrorFromLevel: LogEventLevel.Verbose, outputTemplate: Template, formatProvider: CultureInfo.InvariantCulture));
        if (arguments.LogFile is { } file)
            all.File(file, rollingInterval: RollingInterval.Day, outputTemplate: Template, formatProvider: CultureInfo.InvariantCulture);
    }

    private static bool IsOwnNews(LogEvent happened) =>
        happened.Level < LogEventLevel.Warning
        && happened.Properties.GetValueOrDefault(Serilog.Core.Constants.SourceContextPropertyName) is ScalarValue { Value: string category }
        && category != Listening
        && _own.Any(own => category == own || category.StartsWith(own + ".", StringComparison.Ordinal));

    /// <summary>The process is about to die.</summary>
    private void WriteTheRest(object sender, UnhandledExceptionEventArgs e) => _serilog.Dispose();

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.UnhandledException -= WriteTheRest;
        Factory.Dispose();
        await _serilog.DisposeAsync();
    }
}
