using System.CommandLine;

namespace WatchReload.Daemon.Cli;

/// <summary>The options that every verb takes, before or after the verb.</summary>
internal static class CommonOptions
{
    public static readonly Option<string> Config = new("--config") { Description = "The watch.json to read (default: the nearest one, upwards).", HelpName = "PATH", Recursive = true };
    public static readonly Option<string> State = new("--state") { Description = "The state directory (default: in the git directory, or .watchreload).", HelpName = "PATH", Recursive = true };
    public static readonly Option<string> Node = new("--node") { Description = "Only this node (default: all nodes of watch.json).", HelpName = "NAME", Recursive = true };
    public static readonly Option<bool> Json = new("--json") { Description = "One JSON object a line on standard output, nothing else there.", Recursive = true };
    public static readonly Option<string> HostConfig = new("--host-config") { Description = "Settings of this machine, outside the tree, that a push cannot change.", HelpName = "PATH", Recursive = true };

    public static void AddTo(Command root)
    {
        root.Add(Config);
        root.Add(Node);
        root.Add(State);
        root.Add(HostConfig);
        root.Add(Json);
    }
}
