namespace WatchReload.Fixtures.Backend;

/// <summary>What each build of the service has of its own; tests write another number here.</summary>
public static class BackendBuild
{
    public const int Number = 0;
}
