using Microsoft.Extensions.FileSystemGlobbing;

namespace WatchReload.Daemon.Configuration;

/// <summary>Refuses patterns that FileSystemGlobbing would take and never match.</summary>
internal static class Glob
{
    private static readonly char[] _unknown = ['?', '[', ']', '{', '}'];

    public static void Check(Field field, string glob)
    {
        if (Problem(glob) is (var problem, var remedy))
            field.Fail($"is {Shown.Text(glob)}, {problem}", remedy);
    }

    private static (string Problem, string Remedy)? Problem(string glob)
    {
        if (string.IsNullOrWhiteSpace(glob))
            return ("an empty glob.", "Remove it, or write a glob such as \"**/*.md\".");
        if (glob[0] == '!')
            return ("and a glob cannot be negated.", "Put it into watch.exclude, without the \"!\".");
        if (glob.IndexOfAny(_unknown) is var at && at >= 0)
            return ($"but \"{glob[at]}\" has no meaning in these globs.", "Use * within a name and ** for any directories; write alternatives as globs of their own.");
        if (glob[0] is '/' or '\\' or '~' || (glob.Length > 1 && glob[1] == ':'))
            return ("but globs are relative.", "Write it relative to the directory of watch.json.");
        if (glob.Split('/', '\\').Contains(".."))
            return ("which leaves the directory of watch.json.", "Inputs outside it are watched anyway, because the build names them.");
        try
        {
            new Matcher().AddInclude(glob);
            return null;
        }
        catch (ArgumentException)
        {
            return ("which is not a glob.", "Use * within a name and ** alone between slashes.");
        }
    }
}
