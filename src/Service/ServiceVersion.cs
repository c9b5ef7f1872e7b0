namespace WatchReload.Service;

/// <summary>What <c>/version</c> answers. Change it while the service runs: open connections see the new text.</summary>
public static class ServiceVersion
{
    public const string Text = "1";
}
