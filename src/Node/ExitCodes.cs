namespace WatchReload.Node;

/// <summary>How the node's process ends; the numbers are those of the command.</summary>
internal static class ExitCodes
{
    public const int Done = 0;
    public const int Defect = 1;

    /// <summary>It stopped in order, and not because it is no longer wanted: a supervisor starts it again.</summary>
    public const int EndedByPolicy = 1;
    public const int Usage = 2;
    public const int Refused = 4;
}
