using System.Diagnostics.CodeAnalysis;

namespace WatchReload.Daemon.Releases;

/// <summary>A release, or why there is none; nothing half is left behind.</summary>
internal sealed record StageResult
{
    public Release? Release { get; private init; }

    /// <summary>The newest release already had this content and commit: it is the result, and nothing was written.</summary>
    public bool Existing { get; private init; }
    public string? Cause { get; private init; }
    public string? Remedy { get; private init; }

    /// <summary>It is not the build that is wrong: the disk, its rights, another process.</summary>
    public bool Transient { get; private init; }

    /// <summary>There is no room for it.</summary>
    public bool IsFull { get; private init; }

    [MemberNotNullWhen(true, nameof(Release))]
    [MemberNotNullWhen(false, nameof(Cause), nameof(Remedy))]
    public bool Succeeded => Release is not null;

    public static StageResult Staged(Release release) => new() { Release = release };
    public static StageResult Kept(Release release) => new() { Release = release, Existing = true };
    public static StageResult Full(Failure why) => new() { Cause = why.Cause, Remedy = why.Remedy, Transient = true, IsFull = true };
    public static StageResult Failed(string cause, string remedy, bool transient = true) => new() { Cause = cause, Remedy = remedy, Transient = transient };
}
