using System.CommandLine;

namespace WatchReload.Daemon.Cli;

/// <summary>A verb of the command. Its constructor declares arguments and options, <see cref="Run"/> does it and returns the exit code.</summary>
internal abstract class Verb : Command
{
    protected Verb(string name, string description, CommandContext context, StopSignal stop)
        : base(name, description) =>
        SetAction((parsed, _) => Run(new Invocation(parsed, context, stop), stop.Token));

    protected abstract Task<int> Run(Invocation call, CancellationToken cancellation);
}
