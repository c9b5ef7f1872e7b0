using System.CommandLine;
using WatchReload.Daemon.Flow;
using WatchReload.Daemon.Git;

namespace WatchReload.Daemon.Cli.Verbs;

/// <summary>What the pre-receive hook calls: builds and rehearses the pushed commit, whose objects are in quarantine. Its exit code is the verdict.</summary>
internal sealed class HookGateVerb : Verb
{
    private readonly Option<string> _ref = new("--ref") { HelpName = "REF", Description = "The ref that is pushed.", Required = true };
    private readonly Option<string> _commit = new("--commit") { HelpName = "ID", Description = "The commit that is pushed.", Required = true };
    private readonly Option<string> _by = new("--by") { HelpName = "NAME", Description = "Who pushes." };
    private readonly Option<string> _repository = new("--repository") { HelpName = "PATH", Description = "The git directory that is pushed to.", Required = true };
    private readonly Option<string> _objects = new("--objects") { HelpName = "PATH", Description = "Where the pushed objects are.", Required = true };
    private readonly Option<string> _alternates = new("--alternates") { HelpName = "PATHS", Description = "Where the other objects are." };

    public HookGateVerb(CommandContext context, StopSignal stop)
        : base("gate", "For the pre-receive hook: builds and rehearses what is pushed.", context, stop)
    {
        Hidden = true;
        Add(_ref);
        Add(_commit);
        Add(_by);
        Add(_repository);
        Add(_objects);
        Add(_alternates);
    }

    protected override Task<int> Run(Invocation call, CancellationToken cancellation)
    {
        var quarantine = new Quarantine(Path.GetFullPath(call.Value(_repository)!, call.Context.Directory), Path.GetFullPath(call.Value(_objects)!, call.Context.Directory), call.Value(_alternates) ?? "");
        var order = new GateOrder { Cause = "hook", Rehearse = true, Ref = call.Value(_ref), Commit = call.Value(_commit), By = call.Value(_by), Quarantine = quarantine };
        return Commission.Run(call, order, cancellation);
    }
}
