using WatchReload.Actors;

namespace WatchReload.Bench.Crowd;

/// <summary>What changes over: three members, and where a token goes next.</summary>
public sealed record SubjectState(string Name, long Count, long Last, ActorRef<SubjectMessage> Next);
