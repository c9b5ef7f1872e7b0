namespace WatchReload.Bench;

/// <summary>Something that is needed for a measurement failed. The case is given up; the others go on.</summary>
internal sealed class BenchException(string message) : Exception(message);
