using WatchReload.Actors;

namespace WatchReload.Service;

/// <summary>The named actors of this service.</summary>
public static class Names
{
    public static readonly ActorName<IndexMessage> Index = new("index");
}
