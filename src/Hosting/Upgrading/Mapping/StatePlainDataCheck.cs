namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>Whether a type of state or messages is plain data.</summary>
internal static class StatePlainDataCheck
{
    /// <summary>What an object of <paramref name="type"/> can hold that is not data: <c>ConnectionState.Log.Writer: System.IO.StreamWriter is not state</c>.</summary>
    public static IReadOnlyList<string> Problems(Type type) => throw new NotSupportedException();
}
