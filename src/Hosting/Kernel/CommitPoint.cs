namespace WatchReload.Hosting.Kernel;

/// <summary>The commit of a version.</summary>
/// <param name="Version">The number of the version that is current from then on.</param>
/// <param name="Time">When, as a timestamp.</param>
/// <param name="LastActor">The highest id of an actor that there was.</param>
internal sealed record CommitPoint(int Version, long Time, long LastActor);
