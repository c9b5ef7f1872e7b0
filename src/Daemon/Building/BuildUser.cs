using WatchReload.Control;

namespace WatchReload.Daemon.Building;

/// <summary>The user that builds, where it is not the daemon's own, and its directory: all that a build writes lies there.</summary>
/// <param name="Name">As the system knows it.</param>
/// <param name="Directory">Absolute; that user's.</param>
internal sealed record BuildUser(string Name, string Directory)
{
    /// <summary>Outputs, intermediate files, what is kept for the next build.</summary>
    public string Artifacts => Path.Combine(Directory, "artifacts");

    /// <summary>Of a tree that is built before it is accepted.</summary>
    public string GateArtifacts => Path.Combine(Directory, "gate");

    /// <summary>In place of a home directory, which users of services have none of: packages, settings of NuGet.</summary>
    public string Home => Path.Combine(Directory, "home");

    public string Temporary => Path.Combine(Directory, "tmp");

    /// <summary>Where trees lie that are built before they are accepted: not that user's, and beside the state directory, which it cannot enter.</summary>
    public static string Gate(StateDirectory state) => Path.TrimEndingDirectorySeparator(state.Root) + "-gate";

    /// <summary>Where the builder listens. Each daemon has its own.</summary>
    public string Socket(BuilderSeat seat) => Path.Combine(Directory, "run", $"{Environment.ProcessId}{seat.Suffix()}.sock");
}
