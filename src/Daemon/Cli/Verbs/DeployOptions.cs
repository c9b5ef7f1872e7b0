using System.CommandLine;
using WatchReload.Daemon.Flow;

namespace WatchReload.Daemon.Cli.Verbs;

/// <summary>The options of the verbs that deploy.</summary>
internal static class DeployOptions
{
    private static readonly Option<bool> _rehearse = new("--rehearse") { Description = "Do everything up to the gate on the live state, then let go: nothing changes." };
    private static readonly Option<bool> _force = new("--force") { Description = "Also what runs already, and what failed on trial before." };
    private static readonly Option<string> _by = new("--by") { Description = "Who asks, for the history (default: the user).", HelpName = "NAME" };
    private static readonly Option<string> _ref = new("--ref") { Description = "From a hook: the ref that was pushed.", HelpName = "REF" };
    private static readonly Option<string> _commit = new("--commit") { Description = "From a hook: the commit that was pushed.", HelpName = "ID" };

    public static void AddTo(Command verb, bool hook)
    {
        verb.Add(_rehearse);
        verb.Add(_force);
        verb.Add(_by);
        if (!hook)
            return;
        verb.Add(_ref);
        verb.Add(_commit);
    }

    /// <summary>The order with what the options say. One that names what was pushed comes from a hook.</summary>
    public static Order With(Order order, Invocation call) => order with
    {
        Cause = call.Value(_ref) is null ? order.Cause : "hook",
        Rehearse = call.Value(_rehearse),
        Force = call.Value(_force),
        By = call.Value(_by),
        Ref = call.Value(_ref),
        Commit = call.Value(_commit),
    };
}
