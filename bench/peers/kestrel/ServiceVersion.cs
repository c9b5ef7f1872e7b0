namespace WatchReload.Bench.Kestrel;

/// <summary>What <c>/version</c> answers.</summary>
internal static class ServiceVersion
{
    public static string Text => "1";
}
