namespace WatchReload.Fixtures.StubNode;

/// <summary>Leads a test to this assembly.</summary>
public static class StubMarker;
