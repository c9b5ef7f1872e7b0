namespace WatchReload.Daemon.Watching;

/// <summary>Something has happened in the file system.</summary>
/// <param name="Path">What it is about.</param>
/// <param name="IsMove">What lies there may have come, gone, or been elsewhere, with all that is in it; else it is the same, with other content or attributes.</param>
/// <param name="IsOpen">Somebody writes it and has not closed it yet: its content may be half of what it will be. Where the system does not tell, false.</param>
internal readonly record struct TreeEvent(string Path, bool IsMove, bool IsOpen = false);
