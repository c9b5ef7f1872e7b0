namespace WatchReload.Bench.Crowd;

/// <summary>Whether tokens are passed on. Of this version: it starts as one in which they are.</summary>
internal static class Tokens
{
    // Ends are passed from one to the next, a million times: behind thousands of tokens each time that takes minutes.
    public static volatile bool GoRound = true;
}
