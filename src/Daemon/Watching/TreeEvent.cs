namespace WatchReload.Daemon.Watching;

/// <summary>Something has happened in the file system.</summary>
/// <param name="Path">What it is about.</param>
/// <param name="IsMove">What lies there may have come, gone, or been elsewhere, with all that is in it; else it is the same, with other content or attributes.</param>
internal readonly record struct TreeEvent(string Path, bool IsMove);
