namespace WatchReload.Control;

/// <summary>Causes of rehearsals of what serves already, by which the daemon walks the way of a reload beforehand. Nobody waits for what becomes of them.</summary>
public static class WalkCauses
{
    /// <summary>Once, so that the first reload does not find it cold.</summary>
    public const string WarmUp = "warmup";

    /// <summary>Many times after that, so that it becomes fast.</summary>
    public const string Practice = "practice";

    /// <summary>Whether it is one of either.</summary>
    public static bool IsWalk(ReloadRequest request, bool rehearse) => rehearse && request.Cause is (WarmUp or Practice);

    /// <summary>Whether it is one of the many: nothing is told of these, and they count nowhere.</summary>
    public static bool IsPractice(ReloadRequest request, bool rehearse) => rehearse && request.Cause == Practice;
}
