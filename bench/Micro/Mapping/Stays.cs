namespace WatchReload.Bench.Micro.Mapping.Stays;

internal interface IPart;

/// <summary>Of a project that stays, and holds what may be of one that does not.</summary>
internal sealed record Drawn(IPart Part, string By, Drawn? Before = null);
