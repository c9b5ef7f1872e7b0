namespace WatchReload.Testing;

/// <summary>What a test expected has not happened. The node can be used as before.</summary>
public sealed class ExpectationException(string message) : Exception(message);
