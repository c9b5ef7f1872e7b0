namespace WatchReload.Daemon.Building;

/// <summary>Of a daemon's builders, mostly one at a time.</summary>
internal enum BuilderSeat
{
    First,
    Second,
}

internal static class BuilderSeats
{
    public static BuilderSeat Other(this BuilderSeat seat) => seat == BuilderSeat.First ? BuilderSeat.Second : BuilderSeat.First;

    /// <summary>What is put after a name that the first has without.</summary>
    public static string Suffix(this BuilderSeat seat) => seat == BuilderSeat.First ? "" : "-2";
}
