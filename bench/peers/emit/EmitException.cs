namespace WatchReload.Bench.Emit;

/// <summary>There is no assembly, and so no figure.</summary>
internal sealed class EmitException(string message) : Exception(message);
