namespace WatchReload.Builder.Replay;

/// <summary>A compilation came upon something that MSBuild may see in another way. Nothing is lost: MSBuild builds.</summary>
internal sealed class ReplayDoubtException(string message) : Exception(message);
