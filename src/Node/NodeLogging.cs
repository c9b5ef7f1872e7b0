using System.Globalization;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Events;

namespace WatchReload.Node;

/// <summary>Serilog behind Microsoft.Extensions.Logging: to standard error, and to a rolling file where one is named.</summary>
internal sealed class NodeLogging : IAsyncDisposable
{
    private const string Template = "{Timestamp:HH:mm:ss.fff} {Level:u3} {SourceContext}: {Message:lj}{NewLine}{Exception}";
    private readonly Serilog.Core.Logger _serilog;

    private NodeLogging(Serilog.Core.Logger serilog)
    {
        _serilog = serilog;
        Factory = LoggerFactory.Create(logging => logging.AddSerilog(serilog));
    }

    public ILoggerFactory Factory { get; }

    public static NodeLogging Create(NodeArguments arguments)
    {
        var configuration = new LoggerConfiguration()
            .MinimumLevel.Information()
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .WriteTo.Console(standardErrorFromLevel: LogEventLevel.Verbose, outputTemplate: Template, formatProvider: CultureInfo.InvariantCulture);
        if (arguments.LogFile is { } file)
            configuration.WriteTo.File(file, rollingInterval: RollingInterval.Day, outputTemplate: Template, formatProvider: CultureInfo.InvariantCulture);
        return new NodeLogging(configuration.CreateLogger());
    }

    public async ValueTask DisposeAsync()
    {
        Factory.Dispose();
        await _serilog.DisposeAsync();
    }
}
