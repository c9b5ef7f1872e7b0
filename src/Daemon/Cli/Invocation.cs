using System.CommandLine;

namespace WatchReload.Daemon.Cli;

/// <summary>One run of one verb.</summary>
internal sealed class Invocation(ParseResult parsed, CommandContext context, StopSignal stop)
{
    public CommandContext Context => context;
    public StopSignal Stop => stop;
    public TimeProvider Time => context.Time;
    public bool Json { get; } = parsed.GetValue(CommonOptions.Json);
    public CommandConsole Console { get; } = new(context, parsed.GetValue(CommonOptions.Json));

    public T? Value<T>(Option<T> option) => parsed.GetValue(option);

    public T? Value<T>(Argument<T> argument) => parsed.GetValue(argument);
}
