using WatchReload.Control;

namespace WatchReload.Builder;

/// <summary><c>--state DIR --name NAME</c>. For the daemon, not for people.</summary>
internal sealed record BuilderArguments(StateDirectory State, string Name)
{
    public static BuilderArguments? Parse(IReadOnlyList<string> args, TextWriter error)
    {
        string? state = null, name = null;
        for (var i = 0; i + 1 < args.Count; i += 2)
        {
            if (args[i] == "--state")
                state = args[i + 1];
            else if (args[i] == "--name")
                name = args[i + 1];
        }
        if (state is not null && name is not null && args.Count == 4)
            return new BuilderArguments(new StateDirectory(Path.GetFullPath(state)), name);
        error.WriteLine("usage: WatchReload.Builder --state DIRECTORY --name NAME (started by watchreload; ends when its standard input does)");
        return null;
    }
}
