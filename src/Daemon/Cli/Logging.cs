using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Serilog.Formatting.Display;
using WatchReload.Daemon.Configuration;

namespace WatchReload.Daemon.Cli;

/// <summary>Logs: Serilog behind Microsoft.Extensions.Logging, to standard error and, when configured, a rolling file.</summary>
internal static class Logging
{
    private const string Template = "{Timestamp:HH:mm:ss.fff} {Level:u3} {SourceContext}: {Message:lj}{NewLine}{Exception}";

    /// <param name="quiet">A person looks at the verb's own output: only warnings go to standard error, unless more than usual was asked for.</param>
    public static ILoggerFactory Create(LogSettings settings, CommandContext context, bool quiet)
    {
        var toError = quiet && settings.Level == LogLevel.Information ? LogLevel.Warning : settings.Level;
        var logger = new LoggerConfiguration()
            .MinimumLevel.Is(LevelConvert.ToSerilogLevel(settings.Level))
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .WriteTo.Sink(new WriterSink(context.Error, new MessageTemplateTextFormatter(Template, System.Globalization.CultureInfo.InvariantCulture)), LevelConvert.ToSerilogLevel(toError));
        if (settings.File is { } file)
            logger.WriteTo.File(file, formatProvider: System.Globalization.CultureInfo.InvariantCulture, outputTemplate: "{Timestamp:O} {Level:u3} {SourceContext}: {Message:lj}{NewLine}{Exception}", rollingInterval: Rolling(settings.Rolling), retainedFileCountLimit: settings.Keep);
        return new SerilogLoggerFactory(logger.CreateLogger(), dispose: true);
    }

    private static RollingInterval Rolling(LogRolling rolling) => rolling switch
    {
        LogRolling.Hour => RollingInterval.Hour,
        LogRolling.Day => RollingInterval.Day,
        _ => RollingInterval.Infinite,
    };

    private sealed class WriterSink(TextWriter writer, MessageTemplateTextFormatter formatter) : ILogEventSink
    {
        public void Emit(LogEvent logEvent)
        {
            using var text = new StringWriter();
            formatter.Format(logEvent, text);
            writer.Write(text.ToString()); // in one piece: other threads write too
        }
    }
}
