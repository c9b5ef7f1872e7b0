namespace WatchReload.Daemon.Watching;

/// <summary>What has happened in a watched directory, or to it.</summary>
/// <param name="Watch">Number of the watch; negative when events were lost.</param>
/// <param name="What">What it was.</param>
/// <param name="Name">Of the entry; empty for the directory itself.</param>
internal readonly record struct InotifyEvent(int Watch, InotifyMask What, string Name);
