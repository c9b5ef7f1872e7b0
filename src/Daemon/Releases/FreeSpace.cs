using WatchReload.Control;

namespace WatchReload.Daemon.Releases;

/// <summary>What the disk of a state directory has left.</summary>
internal static class FreeSpace
{
    /// <summary>Why a build is not begun; null when there is room.</summary>
    /// <param name="state">Where.</param>
    /// <param name="minimum">Bytes; 0: that is not asked.</param>
    public static Failure? LacksBeforeBuild(StateDirectory state, long minimum)
    {
        if (minimum == 0 || !Directory.Exists(state.Root) || Of(state) is var free && free >= minimum)
            return null;
        return new(
            $"The disk that holds {state.Root} has {free >> 20} MB free, and {minimum >> 20} MB must be: nothing is built.",
            "Free space there; a lower releases.keep or releases.maximumSize keeps fewer releases, a lower releases.minimumFreeSpace asks for less.");
    }

    /// <summary>Why what was built does not become a release; null when there is room for it, and as much as must be left then.</summary>
    public static Failure? LacksFor(StateDirectory state, BuildOutcome build, long minimum)
    {
        if (minimum == 0)
            return null;
        var needed = build.Outputs.Sum(output => SourceStamp.Of(output.Source).Length) + minimum;
        return Of(state) is var free && free >= needed ? null : new(
            $"The disk that holds {state.Root} has {free >> 20} MB free, and {needed >> 20} MB are needed.",
            "Free space there; a lower releases.keep keeps fewer releases, a lower releases.minimumFreeSpace asks for less.");
    }

    private static long Of(StateDirectory state) => new DriveInfo(state.Root).AvailableFreeSpace;
}
