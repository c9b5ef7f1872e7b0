namespace WatchReload.Control;

/// <summary>A rendezvous file: where a process listens, and which run of it this is.</summary>
/// <param name="Address">Absolute path of the socket (Windows: the pipe's name).</param>
/// <param name="StartTime">The process's own start, in clock ticks since boot on Linux, in file time elsewhere: tells it from a later process of the same pid.</param>
public sealed record Rendezvous(string Address, int Pid, long StartTime, string Instance);
