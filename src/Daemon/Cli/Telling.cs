namespace WatchReload.Daemon.Cli;

/// <summary>What is told besides the answer: who cannot be told, as the file is on a full disk or the terminal is gone, misses it, and the work goes on.</summary>
internal static class Telling
{
    public static void Tell(this TextWriter to, string line) => Try(() => to.WriteLine(line));

    public static void Try(Action tell)
    {
        try
        {
            tell();
        }
        catch (IOException)
        {
            // Nobody hears that either.
        }
    }
}
