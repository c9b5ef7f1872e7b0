using System.CommandLine;

namespace WatchReload.Daemon.Cli.Verbs;

/// <summary>The options of the verbs that deploy.</summary>
internal static class DeployOptions
{
    public static readonly Option<bool> Rehearse = new("--rehearse") { Description = "Do everything up to the gate on the live state, then let go: nothing changes." };
    public static readonly Option<bool> Force = new("--force") { Description = "Also what runs already, and what failed on trial before." };
    public static readonly Option<string> By = new("--by") { Description = "Who asks, for the history (default: the user).", HelpName = "NAME" };

    public static void AddTo(Command verb)
    {
        verb.Add(Rehearse);
        verb.Add(Force);
        verb.Add(By);
    }
}
