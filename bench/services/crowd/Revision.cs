namespace WatchReload.Bench.Crowd;

/// <summary>Edited to get another version of the same shape.</summary>
public static class Revision
{
    public const string Text = "1";
}
