namespace WatchReload.Builder;

internal static class Program
{
    private static int Main() => 0;
}
